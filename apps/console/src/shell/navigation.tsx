import { NavLink } from 'react-router';
import { pages } from '../pages.tsx';

export function Navigation() {
  return (
    <nav className="navigation" aria-label="Console">
      <ul>
        {pages.map(({ path, title, within }) => (
          <li key={path} data-within={within ?? undefined}>
            <NavLink to={path}>{title}</NavLink>
          </li>
        ))}
      </ul>
    </nav>
  );
}
