/** WSO2's own files build their addresses from these. */
export function withCarbonVariables(text: string, host: string, httpsPort: number): string {
  return text.replaceAll('${carbon.protocol}', 'https').replaceAll('${carbon.host}', host).replaceAll('${carbon.management.port}', String(httpsPort));
}
