using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Osapi.Controller.Jobs.Active;
using Osapi.Controller.Jobs.Deletions;
using Osapi.Controller.Jobs.Events;
using Osapi.Controller.Jobs.Outputs;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Controller.Limits;
using Osapi.Operations;
using Osapi.Operations.Jobs;
using Osapi.Transport;

namespace Osapi.Controller.Jobs;

/// <summary>Registers the services of the jobs.</summary>
internal static class JobServices
{
    public static void AddJobs(this IServiceCollection services, NodeEnvironment node)
    {
        services.AddSingleton(_ => JobIndex.Open(Path.Combine(node.StateDirectory, "jobs.db")));
        services.AddSingleton<JobIndexHealth>();
        services.AddSingleton<ActiveJobs>();
        services.AddSingleton<JobLookup>();
        services.AddSingleton<JobSubmission>();
        services.AddSingleton<LargeRequests>();
        services.AddSingleton<RequestSecrets>();
        services.AddSingleton<RequestFiles>();
        services.AddSingleton<OutputInsertion>();
        services.AddSingleton<OutputFollower>();
        services.AddSingleton<OutputEndpoint>();
        services.AddSingleton<JobWait>();
        services.AddSingleton<JobCancellation>();
        services.AddSingleton<JobDeletion>();
        services.AddSingleton<BulkDeletion>();
        services.AddSingleton<JobRetry>();
        services.AddSingleton<JobHandlers>();
        services.AddSingleton<JobEventFeed>();
        services.AddSingleton<JobEventStream>();
        services.AddSingleton<JobEventEndpoint>();
        services.AddSingleton<SubmissionEndpoint>();
    }

    /// <summary>Maps the submission of any operation; its permission is that of the operation in the body.</summary>
    public static void MapSubmission(this IEndpointRouteBuilder routes) => routes
        .MapMethods(JobOperations.SubmitRoute.Template, ControllerEndpoints.HttpMethodsOf(JobOperations.SubmitRoute), routes.ServiceProvider.GetRequiredService<SubmissionEndpoint>().HandleAsync)
        .RequireAuthorization();

    /// <summary>Maps the output of a job, which is bytes and not JSON. A follower lasts as long as its job, like an event stream.</summary>
    public static void MapJobOutput(this IEndpointRouteBuilder routes) => routes
        .MapMethods(JobOperations.OutputRoute.Template, ControllerEndpoints.HttpMethodsOf(JobOperations.OutputRoute), routes.ServiceProvider.GetRequiredService<OutputEndpoint>().HandleAsync)
        .WithMetadata(routes.ServiceProvider.GetRequiredService<EventStreamQuota>())
        .RequireAuthorization(Permissions.JobRead);

    /// <summary>Maps the event streams, which do not return JSON and so are not operations of the catalog.</summary>
    public static void MapJobEvents(this IEndpointRouteBuilder routes)
    {
        var events = routes.ServiceProvider.GetRequiredService<JobEventEndpoint>();
        var quota = routes.ServiceProvider.GetRequiredService<EventStreamQuota>();
        foreach (var (route, answer) in new (HttpRoute, RequestDelegate)[] { (JobOperations.EventsRoute, events.StreamJobAsync), (JobOperations.AllEventsRoute, events.StreamAllAsync) })
            routes.MapMethods(route.Template, ControllerEndpoints.HttpMethodsOf(route), answer).WithMetadata(quota).RequireAuthorization(Permissions.JobRead);
    }
}
