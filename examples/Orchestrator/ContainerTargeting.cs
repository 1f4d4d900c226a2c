using Osapi.Operations.Docker;
using Osapi.Orchestrator;

namespace Osapi.Examples;

/// <summary>Runs commands in a container. Requires a Docker engine on this machine, at DOCKER_HOST or its default socket.</summary>
internal static class ContainerTargeting
{
    private const string Name = "osapi-example";

    public static async Task RunAsync(TextWriter output)
    {
        ImageName image = Environment.GetEnvironmentVariable("OSAPI_EXAMPLE_IMAGE") ?? "alpine:3.20";
        await using var host = await OneHost.StartAsync();
        Plan plan = new(host.Client);

        var pull = plan.Task("pull", DockerOperations.Pull, "web-01", new() { Image = image });
        var create = plan.Task("create", DockerOperations.Create, "web-01", new() { Image = image, Name = Name, Command = ["sleep", "600"] }).DependsOn(pull);

        // Commands in a container use docker.exec. These three run at the same time.
        var who = plan.Task("who", DockerOperations.Exec, "web-01", Run("id", "-un")).DependsOn(create);
        var where = plan.Task("where", DockerOperations.Exec, "web-01", Run("pwd")).DependsOn(create);
        var fails = plan.Task("fails", DockerOperations.Exec, "web-01", Run("sh", "-c", "echo 'on purpose' >&2; exit 3")).DependsOn(create)
            .OnError(ErrorStrategy.Continue);

        // A task with a guard runs even when an earlier task failed. The guard checks that there is something to clean up.
        plan.Task("clean-up", DockerOperations.Remove, "web-01", new() { Id = Name, Force = true })
            .DependsOn(who, where, fails)
            .When(results => results.Get("create") is { Changed: true });

        var report = await plan.RunAsync();

        foreach (var task in report.Tasks)
            await output.WriteLineAsync($"{task.Name}: {task.Status.ToText()}{(task.HostResults is [{ Error: { } error }, ..] ? $", {error}" : "")}");
        foreach (var task in new[] { who, where })
            if (report.Get(task)?.TryGetFirst(out var answer) == true)
                await output.WriteAsync($"{task.Name} says: {answer.Result?.Stdout}");
        await output.WriteLineAsync(report.Summary());
    }

    private static ExecInContainer Run(params string[] command) => new() { Id = Name, Command = command };
}
