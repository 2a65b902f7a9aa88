import type { FastifyReply, FastifyRequest, RouteGenericInterface } from 'fastify';
import type { Desk } from '../desk.ts';
import { FOREIGN_FORM, READ_ONLY } from './desk-fault.ts';

/** Does what a form of the board's own asks for. */
type Act<Route extends RouteGenericInterface> = (
  request: FastifyRequest<Route>,
  reply: FastifyReply,
  fields: URLSearchParams,
) => Promise<FastifyReply>;

/**
 * What stands before everything that changes something: a board that is read-only refuses it, and so is a form that no page
 * of this board has sent.
 */
export function changes<Route extends RouteGenericInterface = RouteGenericInterface>(
  { site, readOnly }: Pick<Desk, 'site' | 'readOnly'>,
  act: Act<Route>,
) {
  return async (request: FastifyRequest<Route>, reply: FastifyReply): Promise<FastifyReply> => {
    if (readOnly) return site.showFault(reply, READ_ONLY);
    const fields = site.forms.read(request);
    return fields ? act(request, reply, fields) : site.showFault(reply, FOREIGN_FORM);
  };
}
