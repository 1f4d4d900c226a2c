using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Osapi.Controller.Limits;
using Osapi.Operations;
using Osapi.Operations.Audit;
using Osapi.Transport;
using Osapi.Transport.Trust;

namespace Osapi.Controller.Audit;

/// <summary>Registers the services of the audit log.</summary>
internal static class AuditServices
{
    public static void AddAudit(this IServiceCollection services, NodeEnvironment node, ControllerOptions options)
    {
        services.AddSingleton(_ => AuditFiles.OpenOrCreate(node.StateDirectory));
        services.AddSingleton(provider => AuditKeys.LoadAndKeep(provider.GetRequiredService<AuditFiles>().Root, provider.GetRequiredService<ControllerKeyChain>()));
        services.AddSingleton(new AuditLimits(options.KeepAudit, options.MaxAuditBytes));
        services.AddSingleton<AuditChain>();
        services.AddSingleton<AuditReader>();
        services.AddSingleton<AuditRecorder>();
        services.AddSingleton<AuditVerification>(provider => new(provider.GetRequiredService<AuditFiles>(), provider.GetRequiredService<AuditKeys>()));
        services.AddSingleton<AuditHandlers>();
        services.AddSingleton<AuditExportEndpoint>();
    }

    /// <summary>Maps the export, which is a stream and counts as one.</summary>
    public static void MapAuditExport(this IEndpointRouteBuilder routes) => routes
        .MapMethods(AuditOperations.ExportRoute.Template, ControllerEndpoints.HttpMethodsOf(AuditOperations.ExportRoute), routes.ServiceProvider.GetRequiredService<AuditExportEndpoint>().HandleAsync)
        .WithMetadata(routes.ServiceProvider.GetRequiredService<EventStreamQuota>())
        .RequireAuthorization(Permissions.AuditRead);
}
