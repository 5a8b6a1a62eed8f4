using MassTransit.QStash.Analyzers.Tests.Support;

namespace MassTransit.QStash.Analyzers.Tests;

public class Verifying_a_body // V8
{
    [Fact]
    public Task Must_come_before_parsing_it() => Verify.StatementsAsync<RawBodyAnalyzer>("""
        app.MapPost("/hook", async (HttpRequest request) =>
        {
            var order = await {|QSTASH005:request.ReadFromJsonAsync<object>()|};
            return verifier.Verify(request.Headers["Upstash-Signature"].ToString(), new byte[1], "https://x.example/hook");
        });
        app.MapPost("/form", async (HttpRequest request) =>
        {
            var form = {|QSTASH005:request.Form|};
            var parsed = await {|QSTASH005:JsonSerializer.DeserializeAsync<object>(request.Body)|};
            return verifier.Verify("", new byte[1], "https://x.example/hook");
        });
        """);

    [Fact]
    public Task Is_not_done_with_its_token_alone() => Verify.StatementsAsync<RawBodyAnalyzer>("""
        app.MapPost("/hook", async (HttpRequest request) =>
        {
            verifier.VerifyToken(request.Headers["Upstash-Signature"].ToString(), "https://x.example/hook", out var token);
            var order = await {|QSTASH005:request.ReadFromJsonAsync<object>()|};
            return verifier.VerifyBody(token, new byte[32]);
        });
        """);

    [Fact]
    public Task Must_not_be_left_to_the_framework() => Verify.StatementsAsync<RawBodyAnalyzer>("""
        app.MapPost("/hook", ([FromBody] string {|QSTASH005:order|}) => verifier.Verify("", Encoding.UTF8.GetBytes(order), "https://x.example/hook"));
        """);

    [Fact]
    public Task Must_not_go_through_text() => Verify.StatementsAsync<RawBodyAnalyzer>("""
        app.MapPost("/hook", async (HttpRequest request) =>
        {
            using var reader = {|QSTASH005:new StreamReader(request.Body)|};
            var text = await reader.ReadToEndAsync();
            return verifier.Verify("", Encoding.UTF8.GetBytes(text), "https://x.example/hook");
        });
        """);

    [Fact]
    public Task Must_not_be_about_a_body_that_was_serialized_anew() => Verify.StatementsAsync<RawBodyAnalyzer>("""
        var text = JsonSerializer.Serialize(a);
        var bytes = Encoding.UTF8.GetBytes(text);
        verifier.Verify("", {|QSTASH005:bytes|}, "https://x.example/hook");
        verifier.Verify("", {|QSTASH005:JsonSerializer.SerializeToUtf8Bytes(a)|}, "https://x.example/hook");
        """);

    [Fact]
    public Task May_take_the_bytes_and_parse_after_that() => Verify.StatementsAsync<RawBodyAnalyzer>("""
        app.MapPost("/hook", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            if (verifier.Verify(request.Headers["Upstash-Signature"].ToString(), body.ToArray(), "https://x.example/hook") != QStashSignatureResult.Valid)
                return Results.Unauthorized();

            var order = JsonSerializer.Deserialize<object>(body.ToArray());
            return Results.Ok();
        });
        app.MapPost("/other", async (HttpRequest request) => await request.ReadFromJsonAsync<object>());
        """);
}
