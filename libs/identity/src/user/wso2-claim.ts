/** The URI of a claim of WSO2's local dialect. @param name such as `emailaddress`, `identity/accountLocked` */
export function wso2Claim(name: string): string {
  return `http://wso2.org/claims/${name}`;
}
