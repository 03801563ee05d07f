import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A product that answers at once, in a process of its own: `node bench/product.ts` prints its port and goes with its parent. */
const server = createServer((request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end('{"score":10,"name":"FIN-WS-042","ok":true}');
  });
});
server.keepAliveTimeout = 60_000;
server.listen(0, '127.0.0.1', () => process.stdout.write(`${(server.address() as AddressInfo).port}\n`));
process.stdin.on('end', () => process.exit(0)).resume();
