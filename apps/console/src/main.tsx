import '@mantine/core/styles.css';
import '@rekey/web/look.css';
import './console.css';
import './page/history-steps.ts';
import { startWebApp } from '@rekey/web';
import { routes } from './routes.tsx';

await startWebApp({ path: '/console', routes, texts: import.meta.glob('./texts/*/*.json', { import: 'default' }) });
