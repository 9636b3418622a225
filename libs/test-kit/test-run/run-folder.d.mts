export function runFolderOf(pid: number): string;
