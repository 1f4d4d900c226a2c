using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Agents;
using Osapi.Operations.Docker;
using Osapi.Operations.Jobs;
using Osapi.Operations.Network;
using Osapi.Operations.Tokens;

namespace Osapi.Hosts.Tests.Checks;

/// <summary>Name servers, containers and images; jobs, agents and tokens.</summary>
internal sealed class RandomThings(Random random) : RandomKinds(random)
{
    public override IReadOnlyList<Func<IEnumerable<RandomTask>>> Kinds => [Dns, Container, Pull, Cancel, Drain, Revoke];

    private IEnumerable<RandomTask> Dns()
    {
        var state = Pick($"nameserver {TestNetwork.FirstServer}", $"nameserver {TestNetwork.SecondServer}", $"nameserver {TestNetwork.FirstServer}\\nsearch lab.test");
        UpdateDns request = new()
        {
            InterfaceName = Once(10) ? "eth7" : "eth0",
            Servers = Once(3) ? null : [Pick(TestNetwork.FirstServer, TestNetwork.SecondServer)],
            SearchDomains = Once(2) ? ["lab.test"] : [],
        };
        return [After($"resolv.conf is {state}", $"printf '{state}\\n' > /etc/resolv.conf", NetworkOperations.UpdateDns, request)];
    }

    private IEnumerable<RandomTask> Container()
    {
        var state = Pick("running", "stopped", "absent");
        var lines = state switch
        {
            "running" => "docker start web > /dev/null 2>&1 || docker run -d --name web registry.example.com/web:1.4 > /dev/null",
            "stopped" => "docker stop -t 1 web > /dev/null 2>&1 || docker create --name web registry.example.com/web:1.4 > /dev/null",
            _ => "docker rm -f web > /dev/null 2>&1 || true",
        };
        return [Once(2)
            ? After($"web is {state}", lines, DockerOperations.Start, new() { Id = "web" })
            : After($"web is {state}", lines, DockerOperations.Stop, new() { Id = "web", Timeout = 1 })];
    }

    private IEnumerable<RandomTask> Pull()
    {
        var state = Pick("absent", "present", "another");
        var lines = state switch
        {
            "absent" => $"docker rmi --force {CheckPlace.Image} > /dev/null 2>&1 || true",
            "present" => $"docker pull -q {CheckPlace.Image} > /dev/null",
            _ => $"docker tag localhost/osapi/busybox:1 {CheckPlace.Image}",
        };
        return [After($"{CheckPlace.Image} is {state}", lines, DockerOperations.Pull, new() { Image = Once(6) ? "localhost:5000/none:1" : CheckPlace.Image })];
    }

    private IEnumerable<RandomTask> Cancel()
    {
        var (state, id) = (Pick("running", "ended", "unknown"), JobId.New());
        return [new($"job.cancel when the job is {state}", JobOperations.Cancel.Id, async place => id = state == "unknown" ? id : await place.StartJobAsync(state == "running"), (plan, name) => plan.Task(name, JobOperations.Cancel, new() { Id = id }))];
    }

    private IEnumerable<RandomTask> Drain()
    {
        var isDrained = Once(4);
        var name = Once(8) ? "web-77" : CheckPlace.Agent;
        var state = isDrained ? "drained" : "not drained";
        var prepare = (CheckPlace place) => isDrained ? place.DrainAsync() : Task.CompletedTask;
        var task = Once(2)
            ? RandomTask.OnController(state, AgentOperations.Drain, new() { Name = name }, prepare)
            : RandomTask.OnController(state, AgentOperations.Undrain, new() { Name = name }, prepare);
        return [task with { PreparesLast = true }];
    }

    private IEnumerable<RandomTask> Revoke()
    {
        var isRevoked = Once(2);
        RevokeToken request = new() { Id = $"token-{Random.Next()}", Reason = Once(2) ? "laptop lost" : null };
        return [RandomTask.OnController(isRevoked ? "revoked" : "not revoked", TokenOperations.Revoke, request, place => isRevoked ? place.Client.Token.RevokeAsync(request) : Task.CompletedTask)];
    }
}
