using MassTransit.QStash.Analyzers.Tests.Support;

namespace MassTransit.QStash.Analyzers.Tests.Tables;

public class Verifying_a_body_in_many_forms
{
    public static TheoryData<string> Wrong { get; } =
    [
        """app.MapPost("/hook", (Order {|QSTASH005:order|}, HttpRequest request) => verifier.Verify("", new byte[1], "https://x.example"));""",
        """app.MapPost("/hook", ([FromBody] string {|QSTASH005:text|}) => verifier.Verify("", Encoding.UTF8.GetBytes(text), "https://x.example"));""",
        """app.MapPost("/hook", (JsonElement {|QSTASH005:json|}) => verifier.Verify("", {|QSTASH005:Encoding.UTF8.GetBytes(json.GetRawText())|}, "https://x.example"));""",
        """app.MapPost("/hook", (List<Order> {|QSTASH005:orders|}) => verifier.Verify("", new byte[1], "https://x.example"));""",
        """app.MapPost("/hook", (IFormFile {|QSTASH005:file|}) => verifier.Verify("", new byte[1], "https://x.example"));""",
        """
        app.MapPost("/hook", Handle);
        QStashSignatureResult Handle(Order {|QSTASH005:order|}) => verifier.Verify("", new byte[1], "https://x.example");
        """,
        """
        app.MapPost("/hook", Handle);
        ---
        static QStashSignatureResult Handle(Order {|QSTASH005:order|}, QStashSignatureVerifier verifier) => verifier.Verify("", new byte[1], "https://x.example");
        """,
        """
        await Task.Yield();
        ---
        [ApiController]
        class HookController(QStashSignatureVerifier verifier) : ControllerBase
        {
            [HttpPost("/hook")]
            public IActionResult Post(Order {|QSTASH005:order|}) =>
                verifier.Verify(Request.Headers["Upstash-Signature"].ToString(), new byte[1], "https://x.example") == QStashSignatureResult.Valid ? Ok() : Unauthorized();
        }
        """,
        """
        app.MapPost("/hook", async (HttpRequest request) =>
        {
            using var json = await {|QSTASH005:JsonDocument.ParseAsync(request.Body)|};
            return verifier.Verify("", new byte[1], "https://x.example");
        });
        """,
        """
        app.MapPost("/hook", async (HttpRequest request) =>
        {
            var body = request.Body;
            using var reader = {|QSTASH005:new StreamReader(body)|};
            var text = await reader.ReadToEndAsync();
            return verifier.Verify("", Encoding.UTF8.GetBytes(text), "https://x.example");
        });
        """,
        """
        app.MapPost("/hook", async (HttpRequest request) =>
        {
            TextReader reader;
            reader = {|QSTASH005:new StreamReader(new BufferedStream(request.Body))|};
            var text = await reader.ReadToEndAsync();
            return verifier.Verify("", Encoding.UTF8.GetBytes(text), "https://x.example");
        });
        """,
        """
        app.MapPost("/hook", async (HttpRequest request) =>
            verifier.Verify("", Encoding.UTF8.GetBytes(await {|QSTASH005:new StreamReader(request.Body)|}.ReadToEndAsync()), "https://x.example"));
        """,
        """
        app.MapPost("/hook", async (HttpContext context) =>
        {
            var order = await {|QSTASH005:JsonSerializer.DeserializeAsync<Order>(context.Request.Body)|};
            return verifier.Verify("", {|QSTASH005:JsonSerializer.SerializeToUtf8Bytes(order)|}, "https://x.example");
        });
        """,
        """
        app.MapPost("/hook", async (HttpRequest request) =>
        {
            var order = await {|QSTASH005:request.ReadFromJsonAsync<Order>()|};
            return verifier.Verify("", new byte[1], "https://x.example");
        });
        """,
        """
        app.MapPost("/hook", async (HttpRequest request) =>
        {
            var node = await {|QSTASH005:System.Text.Json.Nodes.JsonNode.ParseAsync(request.Body)|};
            return verifier.Verify("", {|QSTASH005:Encoding.UTF8.GetBytes(node.ToJsonString())|}, "https://x.example");
        });
        """,
        """
        app.MapPost("/hook", async (HttpRequest request) =>
        {
            var xml = await {|QSTASH005:System.Xml.Linq.XDocument.LoadAsync(request.Body, default, default)|};
            return verifier.Verify("", new byte[1], "https://x.example");
        });
        """,
        """
        app.MapPost("/hook", (HttpRequest request) =>
        {
            var name = {|QSTASH005:request.Form|}["name"];
            return verifier.Verify("", new byte[1], "https://x.example");
        });
        """,
        """
        var text = JsonSerializer.Serialize(a);
        var bytes = Encoding.UTF8.GetBytes(text);
        verifier.VerifyHash("", {|QSTASH005:SHA256.HashData(bytes)|}, "https://x.example");
        """,
        """
        var bytes = port > 0 ? JsonSerializer.SerializeToUtf8Bytes(a) : null;
        verifier.Verify("", {|QSTASH005:bytes|}, "https://x.example");
        """,
    ];

    public static TheoryData<string> Right { get; } =
    [
        """
        app.MapPost("/hook", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            if (verifier.Verify(request.Headers["Upstash-Signature"].ToString(), body.ToArray(), "https://x.example") != QStashSignatureResult.Valid)
                return Results.Unauthorized();

            var order = JsonSerializer.Deserialize<Order>(body.ToArray());
            return Results.Ok();
        });
        """,
        """app.MapPost("/hook", (Stream body, HttpRequest request) => verifier.Verify("", new byte[1], "https://x.example"));""",
        """app.MapPost("/hook", (string id, int count, Guid key, HttpRequest request, CancellationToken cancel) => verifier.Verify("", new byte[1], "https://x.example"));""",
        """app.MapPost("/hook", (QStashSignatureVerifier verify, HttpRequest request) => verify.Verify("", new byte[1], "https://x.example"));""",
        """
        app.MapPost("/hook", (OrderService orders, HttpRequest request) => verifier.Verify("", new byte[1], "https://x.example"));
        ---
        class OrderService { public int Count { get; set; } }
        """,
        """
        app.MapPost("/hook", (IOrders orders, HttpRequest request) => verifier.Verify("", new byte[1], "https://x.example"));
        ---
        interface IOrders;
        """,
        """
        app.MapPost("/hook", ([FromServices] Order order, HttpRequest request) => verifier.Verify("", new byte[1], "https://x.example"));
        """,
        """
        app.MapPost("/hook", ([FromQuery] string name, [FromHeader(Name = "Upstash-Signature")] string signature) => verifier.Verify(signature, new byte[1], "https://x.example"));
        """,
        """
        app.MapPost("/{id}", (OrderId id, HttpRequest request) => verifier.Verify("", new byte[1], "https://x.example"));
        ---
        record struct OrderId(int Value) { public static bool TryParse(string text, out OrderId id) { id = default; return true; } }
        """,
        """app.MapPost("/other", async (HttpRequest request) => await request.ReadFromJsonAsync<Order>());""",
        """app.MapPost("/other", (Order order) => order.Id);""",
        """
        bool Check(Order order, byte[] body) => verifier.Verify("", body, "https://x.example") == QStashSignatureResult.Valid;
        """,
        """
        app.MapPost("/hook", async (HttpRequest request) =>
        {
            request.EnableBuffering();
            var order = await request.ReadFromJsonAsync<Order>();
            request.Body.Position = 0;
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            return verifier.Verify("", body.ToArray(), "https://x.example");
        });
        """,
        """
        app.MapPost("/hook", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            request.Body = new MemoryStream(body.ToArray());
            var order = await request.ReadFromJsonAsync<Order>();
            return verifier.Verify("", body.ToArray(), "https://x.example");
        });
        """,
        """
        app.MapPost("/hook", async (HttpRequest request) =>
        {
            using var hash = SHA256.Create();
            return verifier.VerifyHash("", await hash.ComputeHashAsync(request.Body), "https://x.example");
        });
        """,
        """
        app.MapPost("/hook", async (HttpRequest request) =>
        {
            using var config = new StreamReader("settings.json");
            var settings = JsonSerializer.Deserialize<Order>(await config.ReadToEndAsync());
            return verifier.Verify("", new byte[1], "https://x.example");
        });
        """,
        """
        await Task.Yield();
        ---
        class HookController(QStashSignatureVerifier verifier) : ControllerBase
        {
            [HttpPost("/hook")]
            public IActionResult Post(string id) =>
                verifier.Verify(Request.Headers["Upstash-Signature"].ToString(), new byte[1], "https://x.example") == QStashSignatureResult.Valid ? Ok() : Unauthorized();
        }
        """,
    ];

    [Theory]
    [MemberData(nameof(Wrong))]
    public Task Is_found_when_it_is_not_what_was_received(string row) => Row.IsReportedAsync<RawBodyAnalyzer>(row);

    [Theory]
    [MemberData(nameof(Right))]
    public Task Is_left_alone_when_it_is(string row) => Row.IsLeftAloneAsync<RawBodyAnalyzer>(row);
}
