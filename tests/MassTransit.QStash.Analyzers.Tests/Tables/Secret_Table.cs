using MassTransit.QStash.Analyzers.Tests.Support;

namespace MassTransit.QStash.Analyzers.Tests.Tables;

public class A_secret_in_source_in_many_forms
{
    // In two parts, so that it is none here.
    const string First = "eyJVc2VySUQiOiIxMTExMTExMS0yMjIyLTMzMzMtNDQ0NC01NTU1NTU1NTU1";
    const string Second = "NTUiLCJQYXNzd29yZCI6ImEwYjFjMmQzZTRmNWE2YjcifQ==";
    const string Token = First + Second;
    const string Key = "sig_" + "6vGqPz3kHfYwT9mNcR4xLbJ8sDe2";
    const string Long = "0123456789abcdef0123456789abcdef";

    public static TheoryData<string> Wrong { get; } =
    [
        $$"""h.Token({|QSTASH001:"{{Token}}"|});""",
        $$"""h.Token({|QSTASH001:"{{First}}" + "{{Second}}"|});""",
        $$"""
        var first = "{{First}}";
        h.Token({|QSTASH001:first + "{{Second}}"|});
        """,
        $$"""
        var first = "{{First}}";
        h.Token({|QSTASH001:$"{first}{{Second}}"|});
        """,
        $$"""h.Token(config["QSTASH_TOKEN"] ?? {|QSTASH001:"{{Token}}"|});""",
        $$"""h.Token(environment.IsDevelopment() ? {|QSTASH001:"{{Token}}"|} : config["QSTASH_TOKEN"]);""",
        $$"""h.Token(config["QSTASH_TOKEN"] ?? {|QSTASH001:"{{Long}}"|});""",
        $$"""h.Token(port > 0 ? {|QSTASH001:"{{Long}}"|} : a);""",
        $$"""
        var token = "{{Long}}";
        h.Token({|QSTASH001:token|});
        """,
        $$"""
        string token;
        if (port > 0)
            token = a;
        else
            token = "{{Long}}";
        h.Token({|QSTASH001:token|});
        """,
        $$"""
        h.Token({|QSTASH001:Secret|});
        ---
        static string Secret = "{{Long}}";
        """,
        $$"""
        h.Token({|QSTASH001:this.secret|});
        ---
        readonly string secret;
        Row() => secret = "{{Long}}";
        """,
        $$"""
        h.Token({|QSTASH001:Secret|});
        ---
        static string Secret => "{{Long}}";
        """,
        $$"""
        h.Token({|QSTASH001:Secret()|});
        ---
        static string Secret()
        {
            return "{{Long}}";
        }
        """,
        $$"""http.DefaultRequestHeaders.Add("Authorization", {|QSTASH001:"Bearer {{Token}}"|});""",
        $$"""http.DefaultRequestHeaders.Add("Authorization", "Bearer " + {|QSTASH001:"{{Token}}"|});""",
        $$"""http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", {|QSTASH001:"{{Token}}"|});""",
        $$"""var options = new QStashClientOptions { Token = {|QSTASH001:"{{Long}}"|} };""",
        $$"""var options = new QStashClientOptions(); options.Token = a ?? {|QSTASH001:"{{Long}}"|};""",
        $$"""var options = new QStashTransportOptions(); options.Token ??= {|QSTASH001:"{{Long}}"|};""",
        $$"""h.Token((string)(object){|QSTASH001:"{{Long}}"|});""",
        $$"""h.Token({|QSTASH001:("{{Long}}").Trim()|});""",
        $$"""h.Token(port switch { 0 => a, _ => {|QSTASH001:"{{Long}}"|} });""",
        $$"""var body = {|QSTASH001:"{{Token}}"u8|};""",
        $$"""var json = {|QSTASH001:@"{ ""Token"": ""{{Token}}"" }"|};""",
        $$"""h.SigningKeys({|QSTASH002:"{{Key}}"|}, config["next"] ?? {|QSTASH002:"{{Long}}"|});""",
        $$"""
        h.SigningKeys({|QSTASH002:current|}, b);
        ---
        static readonly string current = "{{Long}}";
        """,
        """h.SigningKeys({|QSTASH002:"sig_" + "6vGqPz3kHfYwT9mNcR4xLbJ8sDe2"|}, b);""",
        $$"""var keys = new QStashSigningKeys { Current = {|QSTASH002:"{{Long}}"|}, Next = a };""",
        $$"""h.RegionSigningKeys("US_EAST_1", a, b ?? {|QSTASH002:"{{Key}}"|});""",
        $$"""
        h.SigningKeys(a, {|QSTASH002:Next()|});
        string Next() => "{{Long}}";
        """,
        $$"""var env = {|QSTASH002:"QSTASH_CURRENT_SIGNING_KEY={{Key}}"|};""",
    ];

    public static TheoryData<string> Right { get; } =
    [
        """h.Token("<your QStash token from the Upstash console>");""",
        """h.Token("YOUR_QSTASH_TOKEN_FROM_THE_UPSTASH_CONSOLE");""",
        """h.Token("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx");""",
        """h.Token("00000000-0000-0000-0000-000000000000");""",
        """h.Token("${QSTASH_TOKEN_FROM_THE_ENVIRONMENT_1}");""",
        """h.Token("#{QStash:Token:For:Production:1}#");""",
        """h.Token("replace-me-with-what-the-console-shows-1");""",
        """h.Token("put-the-key-of-your-account-here-please");""",
        """h.Token("............................................");""",
        """h.Token(config["QSTASH_TOKEN"] ?? "");""",
        """h.Token(config["QSTASH_TOKEN"] ?? throw new InvalidOperationException("The variable QSTASH_TOKEN_1 is missing: see the console"));""",
        """h.Token(Environment.GetEnvironmentVariable("QSTASH_TOKEN"));""",
        """h.Token("short");""",
        """h.Token("Bearer " + a);""",
        """
        h.Token(Secret);
        ---
        string Secret => config2["QStash:Accounts:Production:Token:2026"];
        IConfiguration config2;
        """,
        """h.SigningKeys("sig_xxxxxxxxxxxxxxxxxxxxxxxxxxxx", "sig_YourNextSigningKeyFromTheCnsle2");""",
        """h.SigningKeys(config["QStash:CurrentSigningKey:2026:Production"], b);""",
        """var text = "sig_nificantly_longer_than_a_real_signing_key_1234";""",
        """var other = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abc";""",
        """h.Token("eyJVc2VySUQiOiJkZWZhdWx0VXNlciIsIlBhc3N3b3JkIjoiZGVmYXVsdFBhc3N3b3JkIn0=");""",
        """h.SigningKeys("sig_7kYjw48mhY7kAjqNGcy6cr29RJ6r", "sig_5ZB6DVzB1wjE8S6rZ7eenA8Pdnhs");""",
        """log.LogInformation("A token starts with eyJ and is longer than 32 characters");""",
        """
        // Base64 of a user and a password of one letter.
        var test = "eyJVc2VySUQiOiJ1IiwiUGFzc3dvcmQiOiJwIn0=xxxxxxxxx";
        """,
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public Task Is_found(string row) => Row.IsReportedAsync<SecretAnalyzer>(row);

    [Theory]
    [MemberData(nameof(Right))]
    public Task Is_not_seen_where_there_is_none(string row) => Row.IsLeftAloneAsync<SecretAnalyzer>(row);
}
