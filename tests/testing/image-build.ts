import { spawnSync } from 'node:child_process';
import { cp, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { buildContext, imageEnvironment, lineage, type Instruction, type Stage } from './dockerfile.ts';
import { root } from './started-program.ts';

/** Carries out the Dockerfile's steps in folders that stand for the images' file systems. Their base images are this machine's own programs. */
export class ImageBuild {
  private readonly built = new Map<string, string>();

  constructor(
    private readonly stages: ReadonlyMap<string, Stage>,
    private readonly folder: string,
  ) {}

  /** @returns the folder that is `/` of the stage's image */
  async fileSystemOf(name: string): Promise<string> {
    const known = this.built.get(name);
    if (known !== undefined) return known;
    const stage = this.stages.get(name);
    if (!stage) throw new Error(`the Dockerfile has no stage ${name}`);
    const changes = stage.instructions.some(({ word }) => word === 'COPY' || word === 'RUN');
    const inherited = this.stages.has(stage.base) ? await this.fileSystemOf(stage.base) : null;
    if (changes && inherited !== null) throw new Error(`${name}: steps upon another stage are not carried out here`);
    const fileSystem = inherited ?? path.join(this.folder, name);
    if (changes) {
      await mkdir(fileSystem, { recursive: true });
      for (const [index, instruction] of stage.instructions.entries()) await this.carryOut(stage, index, instruction, fileSystem);
    }
    this.built.set(name, fileSystem);
    return fileSystem;
  }

  /** Where the image's programs start. */
  async workingFolderOf(name: string): Promise<string> {
    const workingFolder = lineage(this.stages, name).flatMap(({ instructions }) => instructions).findLast(({ word }) => word === 'WORKDIR');
    return path.join(await this.fileSystemOf(name), workingFolder?.text ?? '/');
  }

  private async carryOut(stage: Stage, index: number, instruction: Instruction, fileSystem: string): Promise<void> {
    const workingFolder = path.join(fileSystem, stage.instructions.slice(0, index + 1).findLast(({ word }) => word === 'WORKDIR')?.text ?? '/');
    await mkdir(workingFolder, { recursive: true });
    if (instruction.word === 'COPY') await this.copy(instruction, fileSystem, workingFolder);
    if (instruction.word === 'RUN') this.run(stage, instruction.text, workingFolder);
  }

  /** As Docker does: of a folder its content; a file into a target that ends in a slash, else in its place. */
  private async copy({ words, options: { from } }: Instruction, fileSystem: string, workingFolder: string): Promise<void> {
    const target = words.at(-1) ?? '';
    const place = target.startsWith('/') ? path.join(fileSystem, target) : path.join(workingFolder, target);
    const isInContext = await buildContext();
    for (const source of words.slice(0, -1)) {
      const origin = path.join(from === undefined ? root : await this.fileSystemOf(from), source);
      const intoFolder = target.endsWith('/') && (await stat(origin)).isFile();
      const filter = (file: string) => from !== undefined || this.isWanted(path.relative(root, file), isInContext);
      await cp(origin, intoFolder ? path.join(place, path.basename(source)) : place, { recursive: true, verbatimSymlinks: true, filter });
    }
  }

  private isWanted(file: string, isInContext: (file: string) => boolean): boolean {
    // A folder on the way to something that is in the context.
    return file === '' || file === 'deploy' || isInContext(file);
  }

  private run(stage: Stage, command: string, workingFolder: string): void {
    // Only the superuser may give files away, as the image build does.
    if (command.startsWith('chown ') && process.getuid?.() !== 0) return;
    const environment = { PATH: process.env['PATH'], HOME: process.env['HOME'], npm_config_cache: process.env['npm_config_cache'], npm_config_prefer_offline: 'true', ...imageEnvironment(this.stages, stage.name) };
    const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', command], { cwd: workingFolder, env: environment, encoding: 'utf8' });
    if (status !== 0) throw new Error(`${stage.name}: RUN ${command} ended with ${status}:\n${stdout}${stderr}`);
  }
}
