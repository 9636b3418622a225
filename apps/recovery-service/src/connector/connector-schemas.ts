import { z } from 'zod';
import { boundedText, textOrSwitch } from '../http/body.ts';

const properties = z.array(z.strictObject({ name: boundedText(255), value: textOrSwitch })).min(1).max(100);
const operation = z.literal('UPDATE');

export const updateRequest = z.strictObject({ operation, properties });
export const updatesRequest = z.strictObject({ operation, connectors: z.array(z.strictObject({ id: boundedText(255), properties })).min(1).max(20) });
export const revertRequest = z.strictObject({ properties: z.array(boundedText(255)).min(1).max(100) });
export const preferencesRequest = z.array(z.strictObject({ 'connector-name': boundedText(255), properties: z.array(boundedText(255)).max(100).optional() })).max(20);

/** WSO2's, which it has not built either. */
export const listQuery = z.object({ limit: z.string().optional(), offset: z.string().optional(), filter: z.string().optional(), sort: z.string().optional() });
export const revertQuery = z.object({ connectorId: boundedText(255) });

export const categoryPath = z.object({ categoryId: z.string().meta({ description: 'The category’s name in base64url: `QWNjb3VudCBNYW5hZ2VtZW50` is Account Management.' }) });
export const connectorPath = categoryPath.extend({ connectorId: z.string().meta({ description: 'The connector’s name in base64url: `YWNjb3VudC1yZWNvdmVyeQ` is account-recovery.' }) });

const linked = z.object({ id: z.string(), self: z.string() });
export const linkedCategories = z.array(linked.extend({ name: z.string(), connectors: z.array(linked) }));

export const shownConnector = z.object({
  id: z.string(),
  name: z.string(),
  category: z.string(),
  friendlyName: z.string(),
  order: z.int(),
  subCategory: z.string(),
  properties: z.array(
    z.object({
      name: z.string(),
      value: z.string(),
      displayName: z.string(),
      description: z.string(),
      meta: z.object({ type: z.enum(['boolean', 'integer', 'string']), groupID: z.int() }),
    }),
  ),
});
export const shownConnectors = z.array(shownConnector);
export const shownCategory = z.object({ name: z.string(), connectors: shownConnectors });
export const preferences = z.array(z.object({ 'connector-name': z.string(), properties: z.array(z.object({ name: z.string(), value: z.string() })) }));
