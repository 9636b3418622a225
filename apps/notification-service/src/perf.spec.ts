import { InboxUnderTest, until } from './testing/inbox-under-test.ts';
import { linkComposer, RelayAtHand } from './testing/relay-at-hand.ts';
import { DeliveryWorker } from './delivery/delivery-worker.ts';
it('perf', async () => {
  const service = await InboxUnderTest.open();
  const n = 5000;
  const reqs = []; for (let i=0;i<n;i++) reqs.push(await service.publisher.recoveryRequested());
  const inbox = service.inbox();
  for (let i=0;i<n;i+=250) await inbox.accept(reqs.slice(i,i+250).map(r=>r.record));
  const stats = new Map<string, {n:number; ms:number; items:number}>();
  const time = async (name: string, items: number, f: () => Promise<any>) => { const t=performance.now(); const r = await f(); const s = stats.get(name) ?? {n:0,ms:0,items:0}; s.n++; s.ms += performance.now()-t; s.items += items; stats.set(name,s); return r; };
  const nameOf = (sql: string) => sql.includes('WITH due') ? 'claim' : sql.includes("phase = 'data', lease") ? 'mark' : sql.includes('WITH settled') ? 'settle' : sql.slice(0,30);
  let explained = false;
  const db = { query: (sql: string, p: any) => time(nameOf(sql), Array.isArray(p?.[1]) ? p[1].length : Array.isArray(p?.[2]) ? p[2].length : 0, () => service.database.query(sql, p)),
    transaction: (w: any) => time('tx', 0, () => service.database.transaction(async (tx) => w({ query: async (sql: string, p: any) => {
      if (!explained && nameOf(sql)==='claim' && process.env['EXPLAIN']) { explained = true; console.log((await tx.query('EXPLAIN '+sql, p)).map((r:any)=>r['QUERY PLAN']).join('\n')); }
      return time(nameOf(sql), 0, () => tx.query(sql, p)); } })) ) };
  for (const c of [10, 50]) {
    stats.clear(); explained = false;
    await service.database.query(`UPDATE inbox SET state='PENDING', attempt_no=attempt_no+10, finished_at=null, sent_at=null`);
    const relay = new RelayAtHand({ before: async () => { await new Promise(r=>setImmediate(r)); return null; } });
    const w = new DeliveryWorker({ database: db as any, sender: relay, composer: linkComposer, secrets: service.publisher.secrets, reports: service.reports, log: service.log, onReported: () => undefined, concurrency: c });
    const t = performance.now(); const cpu = process.cpuUsage(); w.start();
    await until(() => relay.received.length, (x) => x === n, 60000);
    await w.stop(5000, async () => undefined);
    const u = process.cpuUsage(cpu);
    console.log('concurrency', c, 'mails/s', n/((performance.now()-t)/1000), 'node cpu ms/mail', (u.user+u.system)/1000/n, [...stats].map(([k,v])=>`${k}: n=${v.n} avg=${(v.ms/v.n).toFixed(2)}ms items/call=${(v.items/v.n).toFixed(1)}`).join('; '));
  }
  await service.close();
}, 120000);
