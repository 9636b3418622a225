// `replace` leaves no entry in the history with the key in its query.
const key = new URLSearchParams(location.search).get('confirmation') ?? '';
const [tenant = ''] = /^\/t\/[^/]+/.exec(location.pathname) ?? [];
location.replace(`${tenant}/myaccount/reset#key=${encodeURIComponent(key)}`);
