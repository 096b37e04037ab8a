// The graphql-ws protocol in a page: one socket, kept open on one node after the other. In an app use the package graphql-ws.

/** `onOpen` is called for each new socket, once it may be used. */
export function connect({ nodes, token, onState, onOpen }) {
  let socket = null;
  let attempt = 0;
  let ids = 0;
  /** Operation id → what to do with what it answers. */
  const operations = new Map();

  const open = () => {
    const node = nodes[attempt++ % nodes.length];
    operations.clear();
    socket = new WebSocket(`${node.replace(/^http/, 'ws')}/graphql`, 'graphql-transport-ws');
    socket.onopen = () => send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
    socket.onmessage = ({ data }) => hear(JSON.parse(data), node);
    socket.onclose = ({ reason }) => {
      onState(`not connected${reason === '' ? '' : `: ${reason}`}`);
      setTimeout(open, 300);
    };
  };
  const send = (message) => socket.send(JSON.stringify(message));
  const hear = (message, node) => {
    const operation = operations.get(message.id);
    if (message.type === 'ping') send({ type: 'pong' });
    if (message.type === 'connection_ack') {
      onState(`connected to ${node}`);
      onOpen();
    }
    if (message.type === 'next') {
      if (message.payload.errors === undefined) operation?.next(message.payload.data);
      else operation?.error(message.payload.errors);
    }
    if (message.type === 'error') operation?.error(message.payload);
    if (message.type === 'complete') operations.delete(message.id);
  };
  const start = (query, variables, next, error) => {
    const id = String(++ids);
    operations.set(id, { next, error });
    send({ id, type: 'subscribe', payload: { query, variables } });
  };
  open();

  return {
    subscribe: (query, variables, next) =>
      start(query, variables(), next, ([{ message }]) => onState(`refused: ${message}`)),
    ask: (query, variables = {}) =>
      new Promise((resolve, reject) => {
        start(query, variables, resolve, ([{ message }]) => reject(new Error(message)));
      }),
  };
}
