using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Osapi.Controller.Limits;
using Osapi.Controller.Runs.Detached;
using Osapi.Controller.Runs.ReadModel;
using Osapi.Controller.Runs.Runners;
using Osapi.Operations;
using Osapi.Operations.Runs;
using Osapi.Transport;

namespace Osapi.Controller.Runs;

/// <summary>Registers the services of runs.</summary>
internal static class RunServices
{
    /// <summary>The file of the read model.</summary>
    public const string IndexFile = "runs.db";

    public static void AddRuns(this IServiceCollection services, NodeEnvironment node)
    {
        services.AddSingleton(_ => new RunIndex(Path.Combine(node.StateDirectory, IndexFile)));
        services.AddSingleton<RunJournals>();
        services.AddSingleton<RunChanges>();
        services.AddSingleton<OwedHosts>();
        services.AddSingleton<RunJournalPages>();
        services.AddSingleton<RunnerPresence>();
        services.AddSingleton<RunLogMark>();
        services.AddSingleton(_ => ControllerIdentity.Load(node.StateDirectory));
        services.AddSingleton<TokenStanding>();
        services.AddSingleton<GrantedTokens>();
        services.AddSingleton<DetachedChanges>();
        services.AddSingleton<HandedOverInputs>();
        services.AddSingleton<HandOver>();
        services.AddSingleton<DetachedClaims>();
        services.AddSingleton<DetachedEnding>();
        services.AddSingleton<DetachedExecution>();
        services.AddSingleton<RunSuperseding>();
        services.AddSingleton<RunStart>();
        services.AddSingleton<RunAppending>();
        services.AddSingleton<RunTakeover>();
        services.AddSingleton<RunRemoval>();
        services.AddSingleton<RunDetails>();
        services.AddSingleton<RunCalls>();
        services.AddSingleton<RunHandlers>();
        services.AddSingleton<EventWriter>();
        services.AddSingleton<RunEventEndpoint>();
        services.AddSingleton<RunnerStreamEndpoint>();
    }

    /// <summary>Maps the event streams, which do not return JSON and so are not operations of the catalog.</summary>
    public static void MapRunEvents(this IEndpointRouteBuilder routes)
    {
        var quota = routes.ServiceProvider.GetRequiredService<EventStreamQuota>();
        var (events, signals) = (routes.ServiceProvider.GetRequiredService<RunEventEndpoint>(), routes.ServiceProvider.GetRequiredService<RunnerStreamEndpoint>());
        foreach (var (route, answer, permission) in new (HttpRoute, RequestDelegate, string)[]
        {
            (RunOperations.EventsRoute, events.HandleAsync, Permissions.RunRead),
            (RunOperations.SignalsRoute, signals.HandleAsync, Permissions.RunWrite),
        })
            routes.MapMethods(route.Template, ControllerEndpoints.HttpMethodsOf(route), answer).WithMetadata(quota).RequireAuthorization(permission);
    }
}
