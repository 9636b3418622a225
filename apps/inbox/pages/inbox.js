const byId = (id) => document.getElementById(id);
const views = ['html', 'text', 'source', 'headers'];
let chosenId = null;
let view = 'html';
let known = new Set();

async function refresh(announce) {
  const mails = await fetch('/api/mails').then((answer) => answer.json());
  byId('empty').hidden = mails.length > 0;
  byId('clear').hidden = mails.length === 0;
  byId('list').replaceChildren(...mails.map(row));
  const fresh = mails.filter(({ id }) => !known.has(id));
  if (announce && fresh.length > 0) byId('status').textContent = `New mail: ${fresh[0].subject}`;
  known = new Set(mails.map(({ id }) => id));
  document.title = `${mails.length > 0 ? `(${mails.length}) ` : ''}Inbox · Rekey`;
  if (chosenId !== null && !known.has(chosenId)) close();
}

function row({ id, to, subject, receivedAt }) {
  const button = element('button', { type: 'button' }, element('span', { className: 'subject' }, subject), element('span', { className: 'to' }, to), element('time', { dateTime: receivedAt }, new Date(receivedAt).toLocaleTimeString()));
  button.setAttribute('aria-current', String(id === chosenId));
  button.addEventListener('click', () => (location.hash = id));
  return element('li', {}, button);
}

async function open(id) {
  const answer = await fetch(`/api/mails/${id}`);
  if (!answer.ok) return close();
  const mail = await answer.json();
  chosenId = id;
  document.body.classList.add('reading');
  byId('nothing').hidden = true;
  byId('chosen').hidden = false;
  byId('subject').textContent = mail.subject;
  const facts = [['From', mail.from], ['To', mail.to], ['Received', new Date(mail.receivedAt).toLocaleString()]];
  byId('facts').replaceChildren(...facts.flatMap(([name, value]) => [element('dt', {}, name), element('dd', {}, value)]));
  await show(mail);
  await refresh(false);
  byId('mail').focus({ preventScroll: true });
}

async function show(mail) {
  if (view === 'html' && mail.html === null) view = 'text';
  for (const name of views) {
    const tab = byId(`tab-${name}`);
    tab.setAttribute('aria-selected', String(name === view));
    tab.tabIndex = name === view ? 0 : -1;
    tab.onclick = () => ((view = name), show(mail));
    tab.disabled = name === 'html' && mail.html === null;
  }
  byId('view').setAttribute('aria-labelledby', `tab-${view}`);
  byId('view').replaceChildren(await content(mail));
}

async function content(mail) {
  switch (view) {
    case 'html': {
      const frame = element('iframe', { title: `Mail: ${mail.subject}`, src: `/mails/${mail.id}/html` });
      frame.setAttribute('sandbox', 'allow-popups allow-popups-to-escape-sandbox');
      return frame;
    }
    case 'text':
      return element('pre', {}, ...withLinks(mail.text ?? '(this mail has no text part)'));
    case 'headers':
      return element('pre', {}, mail.headers.map(({ name, value }) => `${name}: ${value}`).join('\n'));
    default:
      return element('pre', {}, await fetch(`/api/mails/${mail.id}/source`).then((answer) => answer.text()));
  }
}

function withLinks(text) {
  return text.split(/(https?:\/\/[^\s"'<>]+)/).map((part, index) => (index % 2 === 1 ? element('a', { href: part, target: '_blank', rel: 'noreferrer' }, part) : part));
}

function close() {
  chosenId = null;
  document.body.classList.remove('reading');
  byId('nothing').hidden = false;
  byId('chosen').hidden = true;
  for (const button of byId('list').querySelectorAll('button')) button.setAttribute('aria-current', 'false');
}

function element(name, properties, ...children) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...children);
  return made;
}

function follow() {
  const id = location.hash.slice(1);
  if (id === '') close();
  else void open(id);
}

byId('back').addEventListener('click', () => (location.hash = ''));
byId('clear').addEventListener('click', () => fetch('/api/mails', { method: 'DELETE' }));
document.querySelector('[role=tablist]').addEventListener('keydown', (event) => {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  const next = byId(`tab-${views[(views.indexOf(view) + step + views.length) % views.length]}`);
  next.click();
  next.focus();
});
addEventListener('hashchange', follow);
new EventSource('/api/changes').addEventListener('message', () => void refresh(true));
await refresh(false);
follow();
