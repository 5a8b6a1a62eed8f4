using Projects;

var builder = DistributedApplication.CreateBuilder(args);

var qstash = builder.AddQStash("qstash");
var billing = builder.AddProject<QStash_Aspire_Service>("billing", static options => options.ExcludeLaunchProfile = true)
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithEnvironment("Role", "billing")
    .WithReference(qstash)
    .WaitFor(qstash);
builder.AddProject<QStash_Aspire_Service>("orders", static options => options.ExcludeLaunchProfile = true)
    .WithHttpEndpoint()
    .WithHttpHealthCheck("/health")
    .WithReference(qstash)
    .WaitFor(billing);

builder.Build().Run();
