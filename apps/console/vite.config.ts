import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

export default defineConfig({
  base: '/console/',
  plugins: [react()],
  // Small files stay files: the pages' policy allows no inline script or style.
  build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, manifest: true, modulePreload: { polyfill: false }, sourcemap: false, rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'parsers', test: /\/node_modules\/@lezer\// }] } } } },
});
