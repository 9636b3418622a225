/** An answer that is not a success; `status` 0: none came. */
export class ApiProblem extends Error {
  constructor(
    readonly status: number,
    /** From the error catalogue, e.g. `RKY-10005`; `offline` where no answer came. */
    readonly code: string,
    description: string,
    /** Leads to what the service's log says of it. */
    readonly traceId: string | null,
    /** All that the answer says, such as the `reasons` of a refused password. */
    readonly body: Readonly<Record<string, unknown>>,
  ) {
    super(description);
  }
}

interface Answer<Data> {
  readonly data?: Data;
  readonly error?: unknown;
  readonly response: Response;
}

/** @throws ApiProblem for every answer that is not a success, and where none came */
export async function answered<Data>(asked: Promise<Answer<Data>>): Promise<Data> {
  const answer = await asked.catch((cause: unknown) => {
    throw new ApiProblem(0, 'offline', cause instanceof Error ? cause.message : '', null, {});
  });
  if (!answer.response.ok) throw problemOf(answer.response.status, answer.error);
  return answer.data as Data; // of a success the client has read it, as the document says
}

function problemOf(status: number, error: unknown): ApiProblem {
  const body = (typeof error === 'object' && error !== null ? error : {}) as Readonly<Record<string, unknown>>;
  const { code, description, detail, traceId } = body;
  const text = [description, detail].find((said) => typeof said === 'string');
  return new ApiProblem(status, typeof code === 'string' ? code : String(status), text ?? '', typeof traceId === 'string' ? traceId : null, body);
}
