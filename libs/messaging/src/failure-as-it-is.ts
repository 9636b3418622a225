import { throwError, type Observable } from 'rxjs';

/**
 * A filter for the handlers behind an `EventServer` (`@UseFilters(new FailureAsItIs())`): hands a failure to the bus as it is, which
 * waits and tries again. Without it Nest logs the failure itself and passes on "Internal server error", so nobody reads why events wait.
 */
export class FailureAsItIs {
  catch(error: unknown): Observable<never> {
    return throwError(() => error);
  }
}
