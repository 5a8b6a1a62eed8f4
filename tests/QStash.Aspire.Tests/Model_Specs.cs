using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace QStash.Aspire.Tests;

public class A_service_that_refers_to_QStash
{
    [Fact]
    public async Task Gets_the_parameters_of_the_account_where_it_is_published()
    {
        var builder = DistributedApplication.CreateBuilder(["--publisher", "manifest", "--output-path", "unused.json"]);
        var qstash = builder.AddQStash("qstash");
        var service = builder.AddExecutable("orders", "orders", ".").WithHttpsEndpoint(name: "https").WithReference(qstash);

        var variables = await VariablesAsync(service.Resource, builder.ExecutionContext);

        Assert.Equal("{qstash-url.value}", variables["QSTASH_URL"]);
        Assert.Equal("{qstash-token.value}", variables["QSTASH_TOKEN"]);
        Assert.Equal("{qstash-current-signing-key.value}", variables["QSTASH_CURRENT_SIGNING_KEY"]);
        Assert.Equal("{qstash-next-signing-key.value}", variables["QSTASH_NEXT_SIGNING_KEY"]);
        Assert.Equal("{orders.bindings.https.url}", variables["QStash__BaseAddress"]);
        Assert.All(
            builder.Resources.OfType<ParameterResource>().Where(parameter => parameter.Name != "qstash-url"),
            parameter => Assert.True(parameter.Secret));
    }

    [Fact]
    public async Task Gets_no_address_without_an_endpoint()
    {
        var builder = DistributedApplication.CreateBuilder(["--publisher", "manifest", "--output-path", "unused.json"]);
        var service = builder.AddExecutable("worker", "worker", ".").WithReference(builder.AddQStash("qstash"));

        Assert.DoesNotContain("QStash__BaseAddress", await VariablesAsync(service.Resource, builder.ExecutionContext));
    }

    /// <remarks>Published, it keeps the name it has: another one would leave its subscriptions behind.</remarks>
    [Theory]
    [InlineData(true, null)]
    [InlineData(false, "orders")]
    public async Task Gets_a_name_where_its_port_changes(bool isPublished, string? name)
    {
        var builder = DistributedApplication.CreateBuilder(isPublished ? ["--publisher", "manifest", "--output-path", "unused.json"] : []);
        var service = builder.AddExecutable("orders", "orders", ".").WithHttpEndpoint().WithReference(builder.AddQStash("qstash"));

        Assert.Equal(name, (await VariablesAsync(service.Resource, builder.ExecutionContext)).GetValueOrDefault("QStash__ServiceName"));
    }

    [Fact]
    public async Task Gets_what_the_emulator_has_once_it_runs()
    {
        var builder = DistributedApplication.CreateBuilder([]);
        var qstash = builder.AddQStash("qstash");
        await using var app = builder.Build();
        var services = app.Services;
        var notifications = services.GetRequiredService<ResourceNotificationService>();

        var url = qstash.Resource.ConnectionStringExpression.GetValueAsync(Cancellation);
        Assert.False(url.IsCompleted);
        await builder.Eventing.PublishAsync(
            new InitializeResourceEvent(qstash.Resource, builder.Eventing, services.GetRequiredService<ResourceLoggerService>(), notifications, services),
            Cancellation);

        await using var emulator = qstash.Resource.Emulator!;
        Assert.Equal(emulator.Url.GetLeftPart(UriPartial.Authority), await url);
        Assert.Equal(emulator.DefaultUser.Token, await qstash.Resource.Token.GetValueAsync(Cancellation));
        Assert.Equal(emulator.DefaultUser.NextSigningKey, await qstash.Resource.NextSigningKey.GetValueAsync(Cancellation));

        // The dashboard is one click away, and who waits for QStash goes on when it answers.
        Assert.True(notifications.TryGetCurrentState("qstash", out var state));
        Assert.Equal(KnownResourceStates.Running, state.Snapshot.State?.Text);
        Assert.Equal(emulator.Url.GetLeftPart(UriPartial.Authority), Assert.Single(state.Snapshot.Urls).Url);
        var health = await services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancellation);
        Assert.Equal(HealthStatus.Healthy, health.Entries["qstash_emulator"].Status);
    }

    static async Task<Dictionary<string, string>> VariablesAsync(ExecutableResource resource, DistributedApplicationExecutionContext execution)
    {
        var context = new EnvironmentCallbackContext(execution, resource, cancellationToken: Cancellation);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
            await annotation.Callback(context);

        return context.EnvironmentVariables.ToDictionary(
            variable => variable.Key, variable => variable.Value is IManifestExpressionProvider value ? value.ValueExpression : variable.Value.ToString()!);
    }
}
