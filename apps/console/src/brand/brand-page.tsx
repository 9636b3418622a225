import { Loaded } from '../page/loaded.tsx';
import { PageTitle } from '../page/page-title.tsx';
import { BrandForm } from './brand-form.tsx';
import { useBrand } from './brand.ts';

/** What makes the mails of the tenant its own. */
export function BrandPage() {
  return (
    <>
      <PageTitle lead="What makes the mails of this tenant its own. What is left empty is Rekey’s; it counts for the next mail.">Brand</PageTitle>
      <Loaded query={useBrand()}>{(brand) => <BrandForm brand={brand} />}</Loaded>
    </>
  );
}
