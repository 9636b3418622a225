// The page: a list that follows the server's changes, and one mail in five views. Text of mails only ever becomes text nodes; their
// HTML is shown by a sandboxed frame at an address of its own.
const byId = (id) => document.getElementById(id);
const views = ['html', 'text', 'links', 'headers', 'source'];

let mails = null;
let shown = null;
let view = 'html';

const today = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const otherDay = new Intl.DateTimeFormat(undefined, { day: 'numeric', month: 'short' });
const whole = new Intl.DateTimeFormat(undefined, { dateStyle: 'full', timeStyle: 'medium' });

function element(name, properties = {}, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

async function fetchJson(address) {
  const answer = await fetch(address);
  if (answer.status === 404) return null;
  if (!answer.ok) throw new Error(`${address} answered ${answer.status}`);
  return answer.json();
}

let latestList = 0;

async function refreshList() {
  const turn = ++latestList;
  const found = await fetchJson('/api/mails');
  // An older answer that comes late must not hide a newer one.
  if (turn !== latestList) return;
  const known = mails && new Set(mails.map(({ id }) => id));
  const fresh = known ? found.filter(({ id }) => !known.has(id)) : [];
  mails = found;
  showList();
  if (fresh.length === 1) byId('news').textContent = `New mail: ${fresh[0].subject || 'no subject'}`;
  else if (fresh.length > 1) byId('news').textContent = `${fresh.length} new mails`;
}

function showList() {
  const focused = document.activeElement?.closest?.('#mails a')?.dataset.id;
  byId('mails').replaceChildren(...mails.map(listEntry));
  byId('count').textContent = mails.length > 0 ? String(mails.length) : '';
  byId('no-mails').hidden = mails.length > 0;
  byId('nothing-chosen').classList.toggle('idle', mails.length === 0);
  byId('delete-all').disabled = mails.length === 0;
  document.title = mails.length > 0 ? `Inbox (${mails.length}) · Rekey` : 'Inbox · Rekey';
  if (focused) document.querySelector(`#mails a[data-id="${CSS.escape(focused)}"]`)?.focus();
}

function listEntry(mail) {
  const at = new Date(mail.receivedAt);
  const isToday = at.toDateString() === new Date().toDateString();
  const link = element(
    'a',
    { href: `#/${mail.id}` },
    element('span', { className: 'who' }, `To ${mail.to.join(', ') || 'nobody'}`),
    element('time', { dateTime: mail.receivedAt, title: whole.format(at) }, (isToday ? today : otherDay).format(at)),
    element('span', { className: 'what' }, mail.subject || '(no subject)'),
  );
  link.dataset.id = mail.id;
  if (mail.id === chosenId()) link.setAttribute('aria-current', 'true');
  return element('li', {}, link);
}

const chosenId = () => /^#\/(\d+)$/.exec(location.hash)?.[1] ?? null;

async function showChosen({ moveFocus }) {
  const id = chosenId();
  byId('panes').dataset.shows = id ? 'mail' : 'list';
  for (const link of document.querySelectorAll('#mails a')) {
    if (link.dataset.id === id) link.setAttribute('aria-current', 'true');
    else link.removeAttribute('aria-current');
  }
  const left = shown?.id;
  let gone = 'This mail is no longer here.';
  const found = id
    ? await fetchJson(`/api/mails/${id}`).catch(() => {
        gone = 'The inbox cannot be reached. The mail is shown as soon as it can.';
        return null;
      })
    : null;
  // Meanwhile another one was chosen.
  if (id !== chosenId()) return;
  shown = found;
  byId('chosen').hidden = !shown;
  byId('nothing-chosen').hidden = Boolean(shown);
  byId('nothing-chosen').firstElementChild.textContent = id ? gone : 'Choose a mail to read it.';
  if (!shown) {
    if (moveFocus && left) document.querySelector(`#mails a[data-id="${CSS.escape(left)}"]`)?.focus();
    return;
  }
  byId('subject').textContent = shown.subject || '(no subject)';
  byId('from').textContent = shown.fromName ? `${shown.fromName} <${shown.from}>` : shown.from || 'nobody';
  byId('to').textContent = shown.to.join(', ');
  const at = shown.date ?? shown.receivedAt;
  byId('date').dateTime = at;
  byId('date').textContent = whole.format(new Date(at));
  for (const part of ['attachments', 'attachments-label']) byId(part).hidden = shown.attachments.length === 0;
  byId('attachments').textContent = shown.attachments.map(({ fileName, contentType }) => fileName ?? contentType).join(', ');
  byId('tab-links').textContent = shown.links.length > 0 ? `Links (${shown.links.length})` : 'Links';
  await showView(view);
  byId('mail').scrollTop = 0;
  if (moveFocus) byId('subject').focus();
}

async function showView(name) {
  view = name;
  for (const other of views) {
    const tab = byId(`tab-${other}`);
    tab.setAttribute('aria-selected', String(other === name));
    tab.tabIndex = other === name ? 0 : -1;
    byId(`panel-${other}`).hidden = other !== name;
  }
  const mail = shown;
  const made = await content[name](mail);
  if (mail === shown) byId(`panel-${name}`).replaceChildren(made);
}

const none = (what) => element('p', { className: 'empty' }, what);

const content = {
  html(mail) {
    if (mail.html === null) return mail.text === null ? none('This mail has no text.') : element('pre', {}, mail.text);
    const frame = element('iframe', { title: 'The message as its reader sees it' });
    // Before the address is set: a frame takes on its sandbox when it is loaded.
    frame.setAttribute('sandbox', 'allow-popups allow-popups-to-escape-sandbox');
    frame.src = `/api/mails/${mail.id}/html`;
    return frame;
  },
  text: (mail) => (mail.text === null ? none('This mail has no plain text part.') : element('pre', {}, mail.text)),
  links(mail) {
    if (mail.links.length === 0) return none('This mail has no links.');
    return element('ul', { className: 'links' }, ...mail.links.map((href) => element('li', {}, element('a', { href, target: '_blank', rel: 'noopener noreferrer' }, href))));
  },
  headers: (mail) =>
    element('table', {}, element('tbody', {}, ...mail.headers.map(({ name, value }) => element('tr', {}, element('th', { scope: 'row' }, name), element('td', {}, value))))),
  async source(mail) {
    const answer = await fetch(`/api/mails/${mail.id}/source`).catch(() => null);
    return answer?.ok ? element('pre', {}, await answer.text()) : none('The source of this mail cannot be shown.');
  },
};

for (const name of views) byId(`tab-${name}`).addEventListener('click', () => void showView(name));

/** Arrow keys, Home and End move between tabs (ARIA Authoring Practices, tabs). */
document.querySelector('[role="tablist"]').addEventListener('keydown', (event) => {
  const at = views.indexOf(view);
  const next = { ArrowRight: at + 1, ArrowLeft: at - 1 + views.length, Home: 0, End: views.length - 1 }[event.key];
  if (next === undefined) return;
  event.preventDefault();
  const name = views[next % views.length];
  void showView(name);
  byId(`tab-${name}`).focus();
});

byId('mails').addEventListener('keydown', (event) => {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined) return;
  const links = [...document.querySelectorAll('#mails a')];
  const target = links[links.indexOf(document.activeElement) + step];
  if (!target) return;
  event.preventDefault();
  target.focus();
});

byId('delete-all').addEventListener('click', () => byId('delete-dialog').showModal());
byId('keep').addEventListener('click', () => byId('delete-dialog').close());
byId('delete').addEventListener('click', async () => {
  const answer = await fetch('/api/mails', { method: 'DELETE' }).catch(() => null);
  byId('delete-dialog').close();
  byId('news').textContent = answer?.ok ? 'All mails deleted' : 'The mails could not be deleted';
});

window.addEventListener('hashchange', () => void showChosen({ moveFocus: true }));

function connection(live, words) {
  byId('connection').dataset.live = live ? 'yes' : 'no';
  byId('connection').textContent = words;
}

async function allAnew() {
  await refreshList();
  await showChosen({ moveFocus: false });
}

const changes = new EventSource('/api/changes');
changes.addEventListener('open', () => {
  connection(true, 'Live');
  // Whatever came while nobody listened.
  void allAnew();
});
changes.addEventListener('error', () => connection(false, 'Reconnecting'));
changes.addEventListener('caught', () => void refreshList());
changes.addEventListener('cleared', () => void allAnew());

fetchJson('/api/catcher').then(({ smtpHost, smtpPort }) => {
  byId('catcher').textContent = `${smtpHost}:${smtpPort}`;
});
byId('panes').dataset.shows = chosenId() ? 'mail' : 'list';
