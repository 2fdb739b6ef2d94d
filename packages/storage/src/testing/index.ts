export { findPostgres, startPostgres, type TestPostgres } from './postgresServer.ts';
