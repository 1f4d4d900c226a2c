using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Osapi.Controller.Agents;
using Osapi.Controller.Audit;
using Osapi.Controller.Auth;
using Osapi.Controller.Enrolment;
using Osapi.Controller.Files;
using Osapi.Controller.Health;
using Osapi.Controller.Jobs.Deletions;
using Osapi.Controller.Jobs.Outputs;
using Osapi.Controller.Jobs.ReadModel;
using Osapi.Controller.Jobs.Supervision;
using Osapi.Controller.Jobs;
using Osapi.Controller.Limits;
using Osapi.Controller.Metrics;
using Osapi.Controller.Operations;
using Osapi.Controller.Problems;
using Osapi.Controller.Reviews;
using Osapi.Controller.Runs;
using Osapi.Controller.Runs.Detached;
using Osapi.Controller.Runs.ReadModel;
using Osapi.Controller.Runs.Runners;
using Osapi.Operations.Agents;
using Osapi.Operations.Audit;
using Osapi.Operations.Files;
using Osapi.Operations.Health;
using Osapi.Operations.Jobs;
using Osapi.Operations.Reviews;
using Osapi.Operations.Runs;
using Osapi.Operations.Targets;
using Osapi.Operations.Tokens;
using Osapi.Transport.Enrolment;
using Osapi.Transport.Jobs;
using Osapi.Transport.Trust;
using Osapi.Transport;

namespace Osapi.Controller;

/// <summary>Registers the services of a controller.</summary>
internal static class ControllerServices
{
    public static void AddController(this IServiceCollection services, NodeEnvironment node, ControllerOptions options)
    {
        services.AddSingleton(node);
        services.AddSingleton(options);
        services.AddSingleton(node.Time);
        services.AddSingleton(node.Transport);
        services.AddLimits(options);
        services.AddSingleton<RefusalLog>();
        services.AddSingleton(provider => node.Skipped ?? new SkippedMessages(provider.GetRequiredService<ILogger<SkippedMessages>>(), node.Time));
        services.AddJobs(node);
        services.AddRuns(node);
        services.AddSingleton<AgentRegistryHandlers>();
        services.AddSingleton<TargetHandlers>();
        services.AddSingleton<HealthHandlers>();
        services.AddSingleton<ControllerReadiness>();
        services.AddSingleton<ControllerMetrics>();
        services.AddSingleton<MetricCollector>();
        services.AddSingleton<MetricsEndpoint>();
        services.AddSingleton<StatusHandler>();
        services.AddFiles(node);
        services.AddAudit(node, options);
        services.AddSingleton<RequestMembers>();
        services.AddSingleton<HostOperationEndpoint>();
        services.AddSingleton<ControllerOperationEndpoint>();
        services.AddSingleton<ControllerResponse>();
        services.AddSingleton(Handlers);
        // The order matters: the log of ended jobs, deadlines, command repair and lost-job detection listen to the registry and the follower,
        // and the server, which is added last, takes no request before the startup is complete.
        // The audit log is stopped last: it records the end of what the others still answer.
        services.AddRunning<AuditShipper>();
        services.AddRunning<AuditCopies>();
        services.AddRunning<RefusalCounts>();
        services.AddRunning<JobEndLog>();
        services.AddRunning<SecretRemoval>();
        services.AddRunning<JobDeadlines>();
        services.AddRunning<CommandRepair>();
        services.AddRunning<StateConfirmer>();
        services.AddRunning<LostJobDetector>();
        services.AddSingleton<RosterPeers>();
        services.AddSingleton(provider => new RosterFile(Path.Combine(node.StateDirectory, RosterFile.FileName), provider.GetRequiredService<ILogger<RosterFile>>()));
        services.AddSingleton<RosterEntries>();
        services.AddRunning<RosterReconciler>();
        services.AddRunning<AgentRegistry>();
        services.AddRunning<AgentExpiry>();
        services.AddEnrolment(ControllerKeyChain.Load(options.KeyFile ?? Path.Combine(node.StateDirectory, ControllerKeys.FileName)));
        services.AddSingleton<ReachabilityProbe>();
        services.AddSingleton<LogRewind>();
        services.AddRunning<JobFollower>();
        services.AddRunning<JobStartup>();
        services.AddRunning<RunFollower>();
        services.AddRunning<RunnerSignals>();
        services.AddRunning<DetachedRuns>();
        services.AddRunning<RunRetention>();
        services.AddRunning<JobRetention>();
        services.AddRunning<OutputSweep>();
        services.AddRunning<RequestSweep>();
        services.AddHostedService<CertificateReload>();
        services.AddRoutingCore();
        services.AddAuth(node, options);
    }

    /// <summary>Creates the handlers of the controller operations; a test compares them with the catalog.</summary>
    public static ControllerHandlers Handlers(IServiceProvider services)
    {
        var health = services.GetRequiredService<HealthHandlers>();
        var agents = services.GetRequiredService<AgentRegistryHandlers>();
        var enrolments = services.GetRequiredService<EnrolmentHandlers>();
        var jobs = services.GetRequiredService<JobHandlers>();
        var runs = services.GetRequiredService<RunHandlers>();
        var files = services.GetRequiredService<StoredFileHandlers>();
        var retry = services.GetRequiredService<JobRetry>();
        var audit = services.GetRequiredService<AuditHandlers>();
        return new()
        {
            { HealthOperations.Liveness, HealthHandlers.LivenessAsync },
            { HealthOperations.Ready, health.ReadyAsync },
            { HealthOperations.Status, services.GetRequiredService<StatusHandler>().StatusAsync },
            { AgentOperations.List, agents.ListAsync },
            { AgentOperations.Get, agents.GetAsync },
            { AgentOperations.GetTimeline, agents.TimelineAsync },
            { AgentOperations.Drain, agents.DrainAsync, agents.CheckDrainAsync },
            { AgentOperations.Undrain, agents.UndrainAsync, agents.CheckUndrainAsync },
            { AgentOperations.ListEnrolments, enrolments.ListAsync },
            { AgentOperations.AcceptEnrolment, enrolments.AcceptAsync, enrolments.CheckAcceptAsync },
            { AgentOperations.RejectEnrolment, enrolments.RejectAsync, enrolments.CheckRejectAsync },
            { AgentOperations.CreateJoinToken, services.GetRequiredService<KeyHandlers>().CreateTokenAsync },
            { AgentOperations.GetKey, services.GetRequiredService<KeyHandlers>().GetKeyAsync },
            { AgentOperations.Remove, agents.RemoveAsync, agents.CheckRemoveAsync },
            { TokenOperations.Revoke, services.GetRequiredService<TokenHandlers>().RevokeAsync, services.GetRequiredService<TokenHandlers>().CheckRevokeAsync },
            { TokenOperations.List, services.GetRequiredService<TokenHandlers>().ListAsync },
            { TargetOperations.Resolve, services.GetRequiredService<TargetHandlers>().ResolveAsync },
            { ReviewOperations.CreateSignature, services.GetRequiredService<ReviewHandlers>().CreateAsync },
            { ReviewOperations.VerifySignature, services.GetRequiredService<ReviewHandlers>().VerifyAsync },
            { FileOperations.Upload, files.UploadAsync, files.CheckUploadAsync },
            { FileOperations.List, files.ListAsync },
            { FileOperations.Get, files.GetAsync },
            { FileOperations.Delete, files.DeleteAsync, files.CheckDeleteAsync },
            { RunOperations.List, runs.ListAsync },
            { RunOperations.Get, runs.GetAsync },
            { RunOperations.Cancel, runs.CancelAsync, runs.CheckCancelAsync },
            { RunOperations.Delete, runs.DeleteAsync, runs.CheckDeleteAsync },
            { RunOperations.Owed, runs.OwedAsync },
            { RunOperations.ForgetOwed, runs.ForgetAsync, runs.CheckForgetAsync },
            { RunOperations.Start, runs.StartAsync },
            { RunOperations.TakeOver, runs.TakeOverAsync },
            { RunOperations.Append, runs.AppendAsync },
            { RunOperations.Journal, runs.JournalAsync },
            { JobOperations.List, jobs.ListAsync },
            { JobOperations.Get, jobs.GetAsync },
            { JobOperations.Cancel, jobs.CancelAsync, jobs.CheckCancelAsync },
            { JobOperations.Retry, retry.RetryAsync, retry.CheckRetryAsync },
            { AuditOperations.List, audit.ListAsync },
            { AuditOperations.Get, audit.GetAsync },
            { AuditOperations.Verify, audit.VerifyAsync },
            { JobOperations.Delete, jobs.DeleteAsync, jobs.CheckDeleteAsync },
        };
    }

    private static void AddEnrolment(this IServiceCollection services, ControllerKeyChain keys)
    {
        services.AddSingleton(_ => keys);
        services.AddSingleton(keys.Present);
        services.AddSingleton<KeyChange>();
        services.AddSingleton<RosterMarker>();
        services.AddSingleton<JoinTokens>();
        services.AddSingleton<PendingEnrolments>();
        services.AddSingleton<EnrolmentHandlers>();
        services.AddSingleton<KeyHandlers>();
        services.AddSingleton<ReviewHandlers>();
        services.AddRunning<EnrolmentListener>();
    }

    private static void AddRunning<[DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors)] T>(this IServiceCollection services)
        where T : class, IHostedService
    {
        services.AddSingleton<T>();
        services.AddHostedService(provider => provider.GetRequiredService<T>());
    }
}
