using Microsoft.Extensions.DependencyInjection;

namespace Osapi.Controller.Limits;

/// <summary>Registers the services of the limits.</summary>
internal static class LimitServices
{
    public static void AddLimits(this IServiceCollection services, ControllerOptions options)
    {
        services.AddSingleton(options.Limits);
        services.AddSingleton<LimitLog>();
        services.AddSingleton<LimitResponse>();
        services.AddSingleton<EventStreamQuota>();
        services.AddSingleton<FailedLogins>();
        services.AddSingleton<RequestBodies>();
        services.AddSingleton<LargeResponses>();
    }
}
