using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Agents;
using Osapi.Controller.Auth;
using Osapi.Controller.Files;
using Osapi.Controller.Health;
using Osapi.Controller.Jobs;
using Osapi.Controller.OpenApi;
using Osapi.Controller.Operations;
using Osapi.Controller.Problems;
using Osapi.Operations;
using Osapi.Operations.Files;
using Osapi.Operations.Health;
using Osapi.Operations.Jobs;

namespace Osapi.Controller;

/// <summary>A running controller: it turns calls into jobs and jobs into answers.</summary>
public sealed class OsapiController : IAsyncDisposable
{
    private readonly WebApplication app;
    private bool disposed;

    private OsapiController(WebApplication app) => this.app = app;

    /// <summary>Where it listens on TCP, with the real port.</summary>
    public IReadOnlyCollection<string> Urls => [.. app.Urls];

    /// <summary>Completes when an agent has registered: a system on one machine can do nothing before.</summary>
    public Task FirstAgent => app.Services.GetRequiredService<AgentRegistry>().FirstAgent;

    /// <summary>Starts a controller; it has read its log and listens when this completes.</summary>
    /// <exception cref="IOException">An address is taken.</exception>
    public static async Task<OsapiController> StartAsync(ControllerOptions options, Action<ILoggingBuilder> logging, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        ArgumentNullException.ThrowIfNull(logging);
        var builder = WebApplication.CreateSlimBuilder(new WebApplicationOptions { ApplicationName = "osapi" });
        builder.Logging.ClearProviders();
        logging(builder.Logging);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = options.MaxRequestBytes;
            if (options.Socket is { } socket)
                kestrel.ListenUnixSocket(socket);
            foreach (var url in options.Urls)
                Listen(kestrel, url);
        });
        AddServices(builder.Services, options);

        var app = builder.Build();
        Map(app);
        await app.StartAsync(cancellationToken);
        await app.Services.GetRequiredService<JobFollower>().CaughtUp.WaitAsync(cancellationToken);
        if (options.Alone)
            await app.Services.GetRequiredService<JobDeadlines>().ExpireUnstartedAsync(cancellationToken);
        return new(app);
    }

    /// <summary>Completes when the controller was told to stop, or could not go on.</summary>
    public Task WaitForShutdownAsync(CancellationToken cancellationToken) => app.WaitForShutdownAsync(cancellationToken);

    /// <summary>Stops taking requests, lets running ones end for up to 10 seconds, and stops.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref disposed, true))
            return;
        await app.StopAsync(TimeSpan.FromSeconds(10));
        await app.DisposeAsync();
    }

    private static void Listen(Microsoft.AspNetCore.Server.Kestrel.Core.KestrelServerOptions kestrel, Uri url)
    {
        if (url.HostNameType is UriHostNameType.IPv4 or UriHostNameType.IPv6)
            kestrel.Listen(System.Net.IPAddress.Parse(url.DnsSafeHost), url.Port);
        else if (url.Host == "localhost")
            kestrel.ListenLocalhost(url.Port);
        else
            kestrel.ListenAnyIP(url.Port);
    }

    private static void AddServices(IServiceCollection services, ControllerOptions options)
    {
        Tokens tokens = new(SigningKey.LoadOrCreate(Path.Combine(options.StateDirectory, "signing.key")), options.Time);
        services.AddSingleton(options.Time);
        services.AddSingleton(options.Transport);
        services.AddSingleton(_ => JobIndex.Open(Path.Combine(options.StateDirectory, "jobs.db")));
        services.AddSingleton<JobBoard>();
        services.AddSingleton<JobSubmission>();
        services.AddSingleton<JobWait>();
        services.AddSingleton<JobCancellation>();
        services.AddSingleton<JobHandlers>();
        services.AddSingleton<HealthHandlers>();
        services.AddSingleton(options);
        services.AddSingleton(new UploadSpool(Path.Combine(options.StateDirectory, "uploads")));
        services.AddSingleton<FileStore>();
        services.AddSingleton<FileHandlers>();
        services.AddSingleton<UploadEndpoint>();
        services.AddSingleton<DownloadEndpoint>();
        services.AddSingleton<HostOperationEndpoint>();
        services.AddSingleton<ControllerOperationEndpoint>();
        services.AddSingleton(Handlers);
        // In this order: deadlines and lost jobs listen to what the registry and the follower tell.
        AddRunning<JobDeadlines>(services);
        AddRunning<LostJobs>(services);
        AddRunning<AgentRegistry>(services);
        AddRunning<JobFollower>(services);
        services.AddControllerAuth(tokens);
    }

    private static void AddRunning<[System.Diagnostics.CodeAnalysis.DynamicallyAccessedMembers(System.Diagnostics.CodeAnalysis.DynamicallyAccessedMemberTypes.PublicConstructors)] T>(IServiceCollection services)
        where T : class, IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(provider => provider.GetRequiredService<T>());
    }

    /// <summary>Who answers which controller operation; a test holds it against the catalog.</summary>
    internal static ControllerHandlers Handlers(IServiceProvider services)
    {
        var health = services.GetRequiredService<HealthHandlers>();
        var jobs = services.GetRequiredService<JobHandlers>();
        var files = services.GetRequiredService<FileHandlers>();
        return new()
        {
            { HealthOperations.Liveness, HealthHandlers.LivenessAsync },
            { HealthOperations.Ready, health.ReadyAsync },
            { FileOperations.List, files.ListAsync },
            { FileOperations.Get, files.GetAsync },
            { FileOperations.Delete, files.DeleteAsync },
            { JobOperations.List, jobs.ListAsync },
            { JobOperations.Get, jobs.GetAsync },
            { JobOperations.Cancel, jobs.CancelAsync },
        };
    }

    private static void Map(WebApplication app)
    {
        app.UseMiddleware<ProblemMiddleware>();
        app.UseRouting();
        app.UseAuthentication();
        app.UseAuthorization();
        foreach (var operation in OperationCatalog.Default)
        {
            var endpoint = app.MapMethods(operation.Route.Template, [operation.Route.Method], Delegate(app, operation)).WithMetadata(operation);
            if (operation.Permission is { } permission)
                endpoint.RequireAuthorization(permission);
        }

        app.MapMethods(IStoredContent.Route.Template, [IStoredContent.Route.Method], app.Services.GetRequiredService<DownloadEndpoint>().HandleAsync)
            .RequireAuthorization(Permissions.FileRead);
        app.MapGet("/openapi.json", context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(OpenApiDocument.Text(OperationCatalog.Default, ProductVersion.Text));
        });
    }

    private static RequestDelegate Delegate(WebApplication app, Operation operation) => operation.Route.IsForm
        ? context => app.Services.GetRequiredService<UploadEndpoint>().HandleAsync(context, operation)
        : operation.RunsOn == RunsOn.Host
        ? context => app.Services.GetRequiredService<HostOperationEndpoint>().HandleAsync(context, operation)
        : context => app.Services.GetRequiredService<ControllerOperationEndpoint>().HandleAsync(context, operation);
}
