using System.Reflection;
using MassTransit.Configuration;
using MassTransit.DependencyInjection.Registration;
using Microsoft.Extensions.DependencyInjection;

namespace MassTransit.Testing;

/// <summary>
/// Adds MassTransit's harness of a consumer or a saga for one that is registered already.
/// </summary>
static class HarnessRegistrations
{
    public static void Add(IServiceCollection services, IRegistration registration)
    {
        // A class that derives from these, as MassTransit's own of a saga definition, is one of them too.
        for (var type = registration.GetType(); type is { BaseType: not null }; type = type.BaseType)
        {
            if (!type.IsGenericType || MethodFor(type.GetGenericTypeDefinition()) is not { } method)
                continue;

            typeof(DependencyInjectionTestingExtensions).GetMethod(method, BindingFlags.Public | BindingFlags.Static)!
                .MakeGenericMethod(type.GetGenericArguments())
                .Invoke(null, [services]);

            return;
        }
    }

    static string? MethodFor(Type registration) =>
        registration == typeof(ConsumerRegistration<>) ? nameof(DependencyInjectionTestingExtensions.AddConsumerContainerTestHarness)
        : registration == typeof(SagaRegistration<>) ? nameof(DependencyInjectionTestingExtensions.AddSagaContainerTestHarness)
        : registration == typeof(SagaStateMachineRegistration<,>)
            ? nameof(DependencyInjectionTestingExtensions.AddSagaStateMachineContainerTestHarness)
        : null;
}
