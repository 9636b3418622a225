import { Component, Fragment, Suspense, type ComponentType, type ReactNode } from 'react';
import { Outlet, useLocation } from 'react-router';
import { Fault } from './fault.tsx';
import { Waiting } from './waiting.tsx';

interface PageOutletProps {
  /** For the pages: what `useOutletContext` gives them. */
  readonly context?: unknown;
  /** What stands around whatever is there in a page's place, where pages bring that with them. */
  readonly frame?: ComponentType<{ readonly children: ReactNode }>;
}

/** Where an app's pages stand: until one has come, or where it breaks, something else stands there, and all around it stays. */
export function PageOutlet({ context, frame: Frame = Fragment }: PageOutletProps) {
  const { key, pathname } = useLocation();
  return (
    <FaultBoundary locationKey={key} frame={Frame}>
      {/* Another one for each page: the same would keep the page before it until the next has come, as if nothing had been pressed. */}
      <Suspense key={pathname} fallback={<Frame><Waiting /></Frame>}>
        <Outlet context={context} />
      </Suspense>
    </FaultBoundary>
  );
}

interface FaultBoundaryProps extends Required<Pick<PageOutletProps, 'frame'>> {
  readonly locationKey: string;
  readonly children: ReactNode;
}

interface FaultBoundaryState {
  readonly broken: { readonly error: unknown } | null;
}

/** Only a class can be one. Whoever goes on to another page leaves the broken one behind. */
class FaultBoundary extends Component<FaultBoundaryProps, FaultBoundaryState> {
  override state: FaultBoundaryState = { broken: null };

  static getDerivedStateFromError(error: unknown) {
    return { broken: { error } };
  }

  override componentDidUpdate({ locationKey }: FaultBoundaryProps) {
    if (this.state.broken && locationKey !== this.props.locationKey) this.setState({ broken: null });
  }

  override render() {
    const { children, frame: Frame } = this.props;
    return this.state.broken ? <Frame><Fault error={this.state.broken.error} /></Frame> : children;
  }
}
