using System.Text;
using Osapi.Controller.Auth;
using Osapi.Operations.Runs;

namespace Osapi.Fleet.Tests.Running;

/// <summary>A plan each of whose tasks appends a line to a file of its own on each host, so that the number of lines says how often it was done there.</summary>
internal sealed class CounterPlan
{
    private const int Tasks = 50;
    private const int Hosts = 3;
    private const string Place = "/srv/counted";

    private readonly RunningFleet fleet;
    private readonly string path;

    /// <summary>Creates the plan on the host of a controller.</summary>
    /// <param name="fleet">The fleet.</param>
    /// <param name="name">The name, which no other plan of the fleet has.</param>
    /// <param name="random">Decides which tasks depend on which.</param>
    public CounterPlan(RunningFleet fleet, string name, Random random)
    {
        (this.fleet, Name, path) = (fleet, name, $"{Place}-{name}.yaml");
        StringBuilder plan = new();
        plan.Append($"version: 1\nname: {name}\non_error: continue\ntasks:\n");
        for (var task = 0; task < Tasks; task++)
        {
            List<int> earlier = [.. Enumerable.Range(Math.Max(0, task - 8), Math.Min(task, 8)).Where(_ => random.Next(6) == 0)];
            plan.Append($"  - name: t{task}\n    op: command.shell.execute\n    target: _all\n");
            plan.Append($"    with: {{command: \"echo done >> {Place}/{name}-{task}\"}}\n");
            if (earlier.Count > 0)
                plan.Append($"    depends_on: [{string.Join(", ", earlier.Select(other => $"t{other}"))}]\n");
        }

        var outside = fleet.Controllers[0].Host.Outside(path);
        Directory.CreateDirectory(Path.GetDirectoryName(outside)!);
        File.WriteAllText(outside, plan.ToString());
    }

    public static string Size => $"{Tasks} tasks on {Hosts} hosts";

    public string Name { get; }

    public IReadOnlyList<string> Command => ["run", path, "--yes", "--limit", string.Join(',', Agents.Select(agent => agent.Host.Name))];

    private IEnumerable<Part> Agents => fleet.Agents.Take(Hosts);

    /// <summary>Removes what earlier plans have written.</summary>
    public static Task ClearAsync(RunningFleet fleet, CancellationToken cancellationToken) =>
        fleet.Calls[0].Waiting.Command.ShellAsync(Operations.Target.All, new() { Command = $"rm -rf {Place}; mkdir -p {Place}" }, cancellationToken: cancellationToken);

    /// <summary>Starts a command on the host of the first controller.</summary>
    public FleetProcess Start(IReadOnlyList<string> command)
    {
        var host = fleet.Controllers[0].Host;
        var key = SigningKey.LoadOrCreate(host.Outside($"{ControllerCalls.State}/{SigningKey.FileName}"));
        // With an address: without one, a command whose controller is dead would start a system of its own.
        string[] environment = ["OSAPI_CONFIG=/dev/null", "OSAPI_URL=http://127.0.0.1:8080", $"OSAPI_TOKEN={new Tokens(key, TimeProvider.System).Generate("fleet", ["admin"], [], TimeSpan.FromHours(6))}"];
        return host.Launch(Path.Combine(Programs.Logs, $"{Name}.log"), ["env", .. environment, Programs.Osapi, .. command]);
    }

    /// <summary>Finds the run of the plan by asking a controller; null when it was never recorded.</summary>
    public async Task<RunSummary?> FindRunAsync(ControllerCalls calls, CancellationToken cancellationToken) =>
        (await calls.Waiting.Run.ListAsync(new() { Plan = Name }, cancellationToken: cancellationToken)).Items is [var first, ..] ? first : null;

    /// <summary>Returns the tasks and hosts whose number of lines is not one.</summary>
    public IReadOnlyList<string> NotOnce() =>
    [
        .. from agent in Agents
           from task in Enumerable.Range(0, Tasks)
           let lines = agent.Host.Lines($"{Place}/{Name}-{task}").Length
           where lines != 1
           select $"t{task} on {agent.Host.Name}: {lines}",
    ];
}
