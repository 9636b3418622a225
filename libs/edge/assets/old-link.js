const key = new URLSearchParams(location.search).get('confirmation') ?? '';
location.replace(`/myaccount/reset#key=${encodeURIComponent(key)}`);
