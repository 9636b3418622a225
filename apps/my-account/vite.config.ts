import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

/** What every page needs: as one file it is smaller than as many, and those of others change less often than ours. */
const libraries = /\/node_modules\/(?:react|react-dom|react-router|scheduler|i18next|react-i18next|@tanstack|openapi-fetch|use-sync-external-store|clsx)\//;
const parts = /\/node_modules\/@mantine\/(?!core\/esm\/components\/List\/)|\/libs\/web\/src\/(?!.*(?:\.json|\/use-formats\.ts)$)|\/my-account\/src\/page\//;

export default defineConfig({
  base: '/myaccount/',
  plugins: [react()],
  // Small files stay files: the pages' policy allows no inline script or style.
  build: { outDir: 'dist', emptyOutDir: true, assetsInlineLimit: 0, manifest: true, modulePreload: { polyfill: false }, sourcemap: false, rolldownOptions: { output: { codeSplitting: { groups: [{ name: 'libraries', test: libraries }, { name: 'parts', test: parts }] } } } },
});
