import { buildApp } from './app.ts';

// Put it behind the login of your application.
const { app } = buildApp({ redis: process.env.REDIS_URL ?? 'redis://127.0.0.1:6379' });
app.listen(3002, '127.0.0.1');
