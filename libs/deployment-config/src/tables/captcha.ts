import type { z } from 'zod';
import type { DeploymentLayers } from '../deployment-layers.ts';
import { table } from '../table.ts';
import { duration, text, whole } from '../values/scalars.ts';
import { customProperties, resolvedModule } from './custom-module.ts';

/** `[captcha]` (Rekey's): what those solve who ask for a link or a username, where `enable_recaptcha` is on. */
export interface CaptchaSettings {
  /** `proof-of-work` (the default), or a module of a third party: a path, absolute here, or the name of an installed package. */
  readonly verifier: string;
  /** Guesses that a proof of work takes at most, and half of them at least: default 2000, a second of a browser's time. */
  readonly difficulty: number;
  /** How long a challenge may take: default 300. */
  readonly validitySeconds: number;
  /** For a module. */
  readonly properties: Readonly<Record<string, string>>;
}

export const captchaToml = table({
  verifier: text('"proof-of-work", or the path or package name of a module').prefault('proof-of-work'),
  difficulty: whole(2, 10_000_000).prefault(2_000),
  validity: duration(30, 3_600, 's', 'a duration from "30s" to "1h"').prefault('5m'),
  properties: customProperties,
}).prefault({});

/** @throws DeploymentConfigError where the verifier's file is not there */
export function captchaSettings({ verifier, difficulty, validity: validitySeconds, properties }: z.output<typeof captchaToml>, layers: DeploymentLayers): CaptchaSettings {
  return { verifier: resolvedModule(verifier, true, ['captcha', 'verifier'], layers), difficulty, validitySeconds, properties };
}
