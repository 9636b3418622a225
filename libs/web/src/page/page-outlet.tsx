import { Component, Suspense, type ReactNode } from 'react';
import { Outlet, useLocation } from 'react-router';
import { Fault } from './fault.tsx';
import { Waiting } from './waiting.tsx';

/** Where an app's pages stand: until one has come, or where it breaks, something else stands there, and all around it stays. */
export function PageOutlet() {
  const { key } = useLocation();
  return (
    <FaultBoundary locationKey={key}>
      <Suspense fallback={<Waiting />}>
        <Outlet />
      </Suspense>
    </FaultBoundary>
  );
}

interface FaultBoundaryProps {
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
    return this.state.broken ? <Fault error={this.state.broken.error} /> : this.props.children;
  }
}
