import '@mantine/core/styles/baseline.css';
import '@mantine/core/styles/default-css-variables.css';
import '@mantine/core/styles/global.css';
import '@mantine/core/styles/UnstyledButton.css';
import '@mantine/core/styles/ActionIcon.css';
import '@mantine/core/styles/Alert.css';
import '@mantine/core/styles/Anchor.css';
import '@mantine/core/styles/Button.css';
import '@mantine/core/styles/CloseButton.css';
import '@mantine/core/styles/Input.css';
import '@mantine/core/styles/List.css';
import '@mantine/core/styles/Loader.css';
import '@mantine/core/styles/Paper.css';
import '@mantine/core/styles/Stack.css';
import '@mantine/core/styles/Text.css';
import '@mantine/core/styles/Title.css';
import '@rekey/web/look.css';
import './my-account.css';
import { startWebApp } from '@rekey/web';
import { keepKeysOutOfAddress } from './recovery/recovery-key.ts';
import { routes } from './routes.tsx';

// Before the router reads the address, and before anything is rendered or requested: a key must not stay in the address bar.
keepKeysOutOfAddress();

await startWebApp({ path: '/myaccount', routes, texts: import.meta.glob('./texts/*/*.json', { import: 'default' }), namespaces: ['entry'] });
