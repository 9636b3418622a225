// `replace` leaves no entry in the history with the key in its query.
const key = new URLSearchParams(location.search).get('confirmation') ?? '';
location.replace(`/myaccount/reset#key=${encodeURIComponent(key)}`);
