/** A mail as the inbox's API shows it. */
export interface InboxMail {
  readonly id: string;
  readonly from: string;
  readonly to: readonly string[];
  readonly subject: string;
  readonly text: string | null;
  readonly html: string | null;
  readonly links: readonly string[];
  readonly headers: readonly { readonly name: string; readonly value: string }[];
}

/** A mail that a process was killed over is taken up again after a lease of 30 s. */
const patienceMs = 60_000;

/** The inbox of a running Rekey, as a person's mail program sees it. */
export class InboxClient {
  constructor(private readonly url: string) {}

  /** @param address without it, everybody's; oldest first */
  async mails(address?: string): Promise<InboxMail[]> {
    const summaries = await this.get<{ id: string; to: string[] }[]>('/api/mails');
    const wanted = summaries.filter(({ to }) => address === undefined || to.includes(address)).sort((a, b) => Number(a.id) - Number(b.id));
    return Promise.all(wanted.map(({ id }) => this.get<InboxMail>(`/api/mails/${id}`)));
  }

  /** Waits until the address has as many mails, and fails where it has more. */
  async mailsTo(address: string, count: number): Promise<InboxMail[]> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const mails = await this.mails(address);
      if (mails.length > count) throw new Error(`${address} has ${mails.length} mails, expected ${count}: ${mails.map(({ subject }) => subject).join(', ')}`);
      if (mails.length === count) return mails;
      if (Date.now() > deadline) throw new Error(`${address} has ${mails.length} mails after ${patienceMs / 1000} s, expected ${count}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** The first of at least one: where a process was killed on its way, there may be a copy of it. */
  async firstMailTo(address: string): Promise<InboxMail> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      const [first] = await this.mails(address);
      if (first) return first;
      if (Date.now() > deadline) throw new Error(`${address} has no mail after ${patienceMs / 1000} s`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async mailSource(id: string): Promise<string> {
    return (await fetch(`${this.url}/api/mails/${id}/source`)).text();
  }

  private async get<T>(path: string): Promise<T> {
    const answer = await fetch(this.url + path);
    if (!answer.ok) throw new Error(`the inbox answered ${answer.status} to ${path}`);
    return (await answer.json()) as T; // the inbox is ours
  }
}

/** The recovery link of a mail. @throws Error where it has none */
export function linkOf(mail: InboxMail): string {
  const link = mail.links.find((candidate) => candidate.includes('#key='));
  if (link === undefined) throw new Error(`no recovery link in "${mail.subject}"`);
  return link;
}

export function keyOf(mail: InboxMail): string {
  return new URLSearchParams(new URL(linkOf(mail)).hash.slice(1)).get('key') ?? '';
}
