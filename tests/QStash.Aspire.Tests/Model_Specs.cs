using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;

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

    static async Task<Dictionary<string, string>> VariablesAsync(IResource resource, DistributedApplicationExecutionContext execution)
    {
        var context = new EnvironmentCallbackContext(execution, resource, cancellationToken: TestContext.Current.CancellationToken);
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>())
            await annotation.Callback(context);

        return context.EnvironmentVariables.ToDictionary(
            variable => variable.Key, variable => variable.Value is IManifestExpressionProvider value ? value.ValueExpression : variable.Value.ToString()!);
    }
}
