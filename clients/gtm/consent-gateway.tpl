___INFO___

{
  "type": "CLIENT",
  "id": "cvt_temp_public_id",
  "version": 1,
  "securityGroups": [],
  "displayName": "Consent gateway",
  "brand": {
    "id": "brand_dummy",
    "displayName": ""
  },
  "description": "Claims Measurement Protocol requests (GA4) and runs the container for an event only while the consent service allows it.",
  "containerContexts": [
    "SERVER"
  ]
}


___TEMPLATE_PARAMETERS___

[
  {
    "type": "TEXT",
    "name": "serviceUrl",
    "displayName": "Address of the consent service",
    "simpleValueType": true,
    "help": "As in https://consent.example",
    "valueValidators": [
      {
        "type": "NON_EMPTY"
      }
    ],
    "valueHint": "https://consent.example"
  },
  {
    "type": "TEXT",
    "name": "site",
    "displayName": "Site",
    "simpleValueType": true,
    "help": "The key of the site, as in its site file",
    "valueValidators": [
      {
        "type": "NON_EMPTY"
      }
    ]
  },
  {
    "type": "TEXT",
    "name": "purpose",
    "displayName": "Purpose",
    "simpleValueType": true,
    "help": "Without it the container does not run: analytics, for example",
    "valueValidators": [
      {
        "type": "NON_EMPTY"
      }
    ]
  },
  {
    "type": "TEXT",
    "name": "vendor",
    "displayName": "Vendor",
    "simpleValueType": true,
    "help": "The vendor in that purpose; empty asks for all of them"
  },
  {
    "type": "TEXT",
    "name": "otherPurposes",
    "displayName": "Other purposes to ask about",
    "simpleValueType": true,
    "help": "Separated by commas. Event data tells about each in consent_allowed, for triggers: consent_allowed.marketing equals true"
  }
]


___SANDBOXED_JS_FOR_SERVER___

const Object = require('Object');
const Promise = require('Promise');
const claimRequest = require('claimRequest');
const encodeUriComponent = require('encodeUriComponent');
const extractEventsFromMpv2 = require('extractEventsFromMpv2');
const getCookieValues = require('getCookieValues');
const getRequestHeader = require('getRequestHeader');
const getType = require('getType');
const isRequestMpv2 = require('isRequestMpv2');
const returnResponse = require('returnResponse');
const runContainer = require('runContainer');
const sendHttpGet = require('sendHttpGet');
const setResponseHeader = require('setResponseHeader');
const setResponseStatus = require('setResponseStatus');

// Promises of the sandbox end after five seconds.
const TIMEOUT_MILLISECONDS = 2000;
const ALLOWING = ['necessary', 'uncontested', 'default', 'granted'];
// Whatever is no answer of the service: nobody can tell now, so nothing fires now.
const UNSURE = { allowed: false, reason: 'stale' };

const listed = (text) => (text || '').split(',').map((one) => one.trim()).filter((one) => one);
const others = listed(data.otherPurposes);

const isNothing = (value) => ['undefined', 'null'].indexOf(getType(value)) >= 0;

const tokensShown = (event) => {
  const own = isNothing(event.consent_token) ? [] : [].concat(event.consent_token);
  if (own.length) return own;
  const header = getRequestHeader('consent-token');
  return header ? [header] : getCookieValues('consent_' + data.site, true);
};

// An empty header would read as never asked: what is no token has to be one that is invalid.
const textOf = (token) => (getType(token) === 'string' && token ? token : 'none');

const headersFor = (event) => {
  const headers = {};
  const tokens = tokensShown(event);
  if (tokens.length) headers['Consent-Token'] = tokens.map(textOf).join(', ');
  const signal = getRequestHeader('sec-gpc') || '';
  if (event.consent_gpc || signal.split(',').some((one) => one.trim() === '1')) headers['Sec-GPC'] = '1';
  return headers;
};

const verdictIn = (answer) => {
  const name = Object.keys(answer.headers).filter((one) => one.toLowerCase() === 'consent-verdict')[0];
  if (!name) return UNSURE;
  const reason = answer.headers[name];
  return { allowed: answer.statusCode === 200 && ALLOWING.indexOf(reason) >= 0, reason: reason };
};

const ask = (headers, purpose, vendor) => {
  const base = data.serviceUrl + '/v1/' + encodeUriComponent(data.site) + '/check/';
  const query = vendor ? '?vendor=' + encodeUriComponent(vendor) : '';
  const options = { headers: headers, timeout: TIMEOUT_MILLISECONDS };
  return sendHttpGet(base + encodeUriComponent(purpose) + query, options).then(verdictIn, () => UNSURE);
};

// Resolves to the verdicts about the purpose and then about the others.
const judge = (event) => {
  const headers = headersFor(event);
  const asked = [ask(headers, data.purpose, data.vendor)];
  return Promise.all(asked.concat(others.map((purpose) => ask(headers, purpose))));
};

const told = (verdicts) => {
  const allowed = {};
  [data.purpose].concat(others).forEach((purpose, index) => {
    allowed[purpose] = verdicts[index].allowed;
  });
  return allowed;
};

const answer = (denied) => {
  if (denied) setResponseHeader('Consent-Verdict', denied.reason);
  setResponseStatus(denied ? (denied.reason === 'stale' ? 503 : 403) : 204);
  returnResponse();
};

const handle = (events) => {
  let waiting = events.length;
  let ran = false;
  let denied;
  const done = () => {
    waiting -= 1;
    if (waiting <= 0) answer(ran ? undefined : denied);
  };
  const deny = (verdict) => {
    denied = verdict;
    done();
  };
  events.forEach((event) => {
    judge(event).then((verdicts) => {
      if (!verdicts[0].allowed) return deny(verdicts[0]);
      ran = true;
      Object.delete(event, 'consent_token');
      Object.delete(event, 'consent_gpc');
      event.consent_allowed = told(verdicts);
      runContainer(event, () => done());
    }, () => deny(UNSURE));
  });
  if (!events.length) answer();
};

if (isRequestMpv2()) {
  // First of all: a request that cannot be read must not go to a client that asks nobody.
  claimRequest();
  handle(extractEventsFromMpv2());
}


___SERVER_PERMISSIONS___

[
  {
    "instance": {
      "key": {
        "publicId": "read_request",
        "versionId": "1"
      },
      "param": [
        {
          "key": "requestAccess",
          "value": {
            "type": 1,
            "string": "any"
          }
        },
        {
          "key": "headerAccess",
          "value": {
            "type": 1,
            "string": "any"
          }
        },
        {
          "key": "queryParameterAccess",
          "value": {
            "type": 1,
            "string": "any"
          }
        }
      ]
    },
    "clientAnnotations": {
      "isEditedByUser": true
    },
    "isRequired": true
  },
  {
    "instance": {
      "key": {
        "publicId": "get_cookies",
        "versionId": "1"
      },
      "param": [
        {
          "key": "cookieAccess",
          "value": {
            "type": 1,
            "string": "any"
          }
        }
      ]
    },
    "clientAnnotations": {
      "isEditedByUser": true
    },
    "isRequired": true
  },
  {
    "instance": {
      "key": {
        "publicId": "send_http",
        "versionId": "1"
      },
      "param": [
        {
          "key": "allowedUrls",
          "value": {
            "type": 1,
            "string": "any"
          }
        }
      ]
    },
    "clientAnnotations": {
      "isEditedByUser": true
    },
    "isRequired": true
  },
  {
    "instance": {
      "key": {
        "publicId": "run_container",
        "versionId": "1"
      },
      "param": []
    },
    "isRequired": true
  },
  {
    "instance": {
      "key": {
        "publicId": "access_response",
        "versionId": "1"
      },
      "param": [
        {
          "key": "writeResponseAccess",
          "value": {
            "type": 1,
            "string": "any"
          }
        },
        {
          "key": "writeHeaderAccess",
          "value": {
            "type": 1,
            "string": "specific"
          }
        }
      ]
    },
    "clientAnnotations": {
      "isEditedByUser": true
    },
    "isRequired": true
  },
  {
    "instance": {
      "key": {
        "publicId": "return_response",
        "versionId": "1"
      },
      "param": []
    },
    "isRequired": true
  }
]


___TESTS___

scenarios: []


___NOTES___

Tested outside of the editor: tests/js/gtm.test.js of the consent service.
