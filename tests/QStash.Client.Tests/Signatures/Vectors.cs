namespace QStash.Client.Tests;

/// <summary>Tokens for each case; the keys are the published ones of the development server.</summary>
static class Vectors
{
    public const string Current = "sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r";
    public const string Next = "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs";
    public const string Url = "https://example.com/api/hook?x=1";
    public const string PlainUrl = "https://example.com/api/hook";
    public const long IssuedAt = 1_700_000_000;

    const string Header = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";
    const string PayloadA = "eyJpc3MiOiJVcHN0YXNoIiwic3ViIjoiaHR0cHM6Ly9leGFtcGxlLmNvbS9hcGkvaG9vaz94PTEiLCJleHAiOjE3MDAwMDAzMDAsIm5iZiI6MTcwMDAwMDAwMCwiaWF0IjoxNzAwMDAwMDAwLCJqdGkiOiJqd3RfVGVzdFZlY3RvcjAwMDAwMDAwMDAwMDAwMDEiLCJib2R5IjoiazZJNWNha1U1ZXJMOEtqU1VWVE5vd25Ed2NjdnU1a1UxSHhnODh0b0ZZZz0ifQ";

    public const string JsonA = """{"iss":"Upstash","sub":"https://example.com/api/hook?x=1","exp":1700000300,"nbf":1700000000,"iat":1700000000,"jti":"jwt_TestVector0000000000000001","body":"k6I5cakU5erL8KjSUVTNownDwccvu5kU1Hxg88toFYg="}""";
    public const string A = Header + "." + PayloadA + ".plv1mXdnRpOxEU9EaNOTovx-hU0IEKww8WFP3K8weaY";
    public const string B = Header + "." + PayloadA + ".THTo5bPxkQ7GYtYlHVyWGZXmjbIhZjrgexuRUSmvaS4";
    public const string C = Header + ".eyJpc3MiOiJVcHN0YXNoIiwic3ViIjoiaHR0cHM6Ly9leGFtcGxlLmNvbS9hcGkvaG9vaz94PTEiLCJleHAiOjE3MDAwMDAzMDAsIm5iZiI6MCwiaWF0IjoxNzAwMDAwMDAwLCJqdGkiOiJqd3RfVGVzdFZlY3RvcjAwMDAwMDAwMDAwMDAwMDEiLCJib2R5IjoiazZJNWNha1U1ZXJMOEtqU1VWVE5vd25Ed2NjdnU1a1UxSHhnODh0b0ZZZz0ifQ.OvZJ5Dsp5GTwXqd1iq3Yq2L5-i0f40eYFuniUQZhzd8";
    public const string D = Header + ".eyJpc3MiOiJVcHN0YXNoIiwic3ViIjoiaHR0cHM6Ly9leGFtcGxlLmNvbS9hcGkvaG9vayIsImV4cCI6MTcwMDAwMDMwMCwibmJmIjoxNzAwMDAwMDAwLCJpYXQiOjE3MDAwMDAwMDAsImp0aSI6Imp3dF9UZXN0VmVjdG9yMDAwMDAwMDAwMDAwMDAwMiIsImJvZHkiOiI0N0RFUXBqOEhCU2EtX1RJbVctNUpDZXVRZVJrbTVOTXBKV1pHM2hTdUZVPSJ9.pOQnkUf7CKa9J1bTVbDKELhE6wamZIpqyrwvSnTuPxU";
    public const string E = Header + ".eyJpc3MiOiJVcHN0YXNoIiwic3ViIjoiaHR0cHM6Ly9leGFtcGxlLmNvbS9hcGkvaG9vayIsImV4cCI6MTcwMDAwMDMwMCwibmJmIjoxNzAwMDAwMDAwLCJpYXQiOjE3MDAwMDAwMDAsImp0aSI6Imp3dF9UZXN0VmVjdG9yMDAwMDAwMDAwMDAwMDAwMyIsImJvZHkiOiJTWU4wTkhGcXB2YVJjUVRMdW9LOVc0NkNxWERkeGJfdmU4eEY0OWJxWUxZPSJ9.MDNM-9cBpO-nGMFAukJxoYNsYN06HAZHYIIL6PExz74";

    public static string F => Header + "." + Jws.Encode(JsonA.Replace("toFYg=", "toFYg", StringComparison.Ordinal)) + ".5-tUcgY7ujippT-t7BocBJemdQMk9u9FbG-1NuEI6Ho";

    public static byte[] Body => """{"hello":"world"}"""u8.ToArray();

    public static QStashSigningKeyPair Keys { get; } = new(Current, Next);
}
