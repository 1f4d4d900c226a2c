using System.Text.Json;
using System.Text.Json.Nodes;
using Osapi.Operations;

namespace Osapi.Hosts.Tests.Documentation;

/// <summary>The setup with which the example of an operation runs on a real host, which is discarded afterwards.</summary>
/// <param name="Before">The shell lines that prepare the example, run before each way of calling it.</param>
/// <param name="Members">The request; the catalog's own example when null.</param>
/// <param name="After">The shell lines that clean up for the following examples.</param>
/// <param name="OnNew">True to run each way of calling it on a new system.</param>
internal sealed record ExampleFixture(string Before = "", string? Members = null, string After = "", bool OnNew = false)
{
    private const string Curl = "curl -sf -o /dev/null -H \"Authorization: Bearer $TOKEN\"";
    private const string Store = "printf 'port = {{ vars.port }}\\ncpus = {{ facts.cpu_count }}\\n' > app.conf.tmpl; "
        + Curl + " -F name=app.conf.tmpl -F content_type=template -F file=@app.conf.tmpl 'http://127.0.0.1:8080/file?force=true'; ";
    private const string Deploy = Store + "rm -rf /srv/app; " + Curl
        + " --json '{\"object_name\":\"app.conf.tmpl\",\"path\":\"/srv/app/app.conf\",\"content_type\":\"template\",\"mode\":\"0644\",\"create_parents\":true,\"vars\":{\"port\":8080}}' http://127.0.0.1:8080/node/_all/file/deploy; ";
    private const string Job = Curl + " -H 'Idempotency-Key: 0199a6c1-4b5e-7c1a-9d2f-6a0c5d8e7f10' http://127.0.0.1:8080/node/_all/hostname; ";

    private const string Drain = Curl + " -X POST http://127.0.0.1:8080/agent/web-01/drain; ";
    private const string Undrain = Curl + " -X POST http://127.0.0.1:8080/agent/web-01/undrain; ";
    private const string Containers = "http://127.0.0.1:8080/node/_all/container/docker";
    private const string Remove = Curl + " -X DELETE '" + Containers + "/web?force=true'; ";
    private const string Create = Remove + Curl + " --json '{\"image\":\"registry.example.com/web:1.4\",\"name\":\"web\"}' " + Containers + "; ";

    // Families whose operations are read-only run without a setup.
    private static readonly IReadOnlyList<string> Harmless = ["health", "node"];

    private static readonly IReadOnlyDictionary<string, ExampleFixture> Scenes = new Dictionary<string, ExampleFixture>
    {
        ["command.exec.execute"] = new(Members: """{"command":"date","args":["+%Z"],"env":{"TZ":"UTC"},"timeout":10}"""),
        ["command.shell.execute"] = new("mkdir -p /srv/www; ", """{"command":"echo web > site && wc -c < site","cwd":"/srv/www","creates":"index.html"}"""),
        ["file.upload"] = new(Store),
        ["file.list"] = new(Store),
        ["file.get"] = new(Store),
        ["file.delete"] = new(Store),
        ["file.deploy.execute"] = new(Store + "rm -rf /srv/app; "),
        ["file.status.get"] = new(Deploy + "chmod 0600 /srv/app/app.conf; "),
        ["file.undeploy.execute"] = new(Deploy),
        ["network.dns.get"] = new(),
        ["network.dns.update"] = new("printf 'nameserver 10.77.0.254\\n' > /etc/resolv.conf; "),
        ["network.ping.do"] = new(Members: """{"address":"10.77.0.254","count":3,"interval":0.2}"""),
        ["job.list"] = new(Job, """{"status":"completed","limit":1}"""),
        ["job.get"] = new(Job),
        ["job.cancel"] = new(Job),
        ["job.retry"] = new(Job),
        // The id of a deleted job stays in use.
        ["job.delete"] = new(Job, OnNew: true),
        ["agent.list"] = new(),
        ["target.resolve.get"] = new(Members: """{"target":"_all","operation":"node.hostname.get"}"""),
        ["agent.get"] = new(),
        ["agent.timeline.get"] = new(),
        ["agent.drain"] = new(Undrain, After: Undrain),
        ["agent.undrain"] = new(Drain, After: Undrain),
        ["docker.create.execute"] = new(
            Remove,
            """{"image":"registry.example.com/web:1.4","name":"web","env":["LOG_LEVEL=info"],"ports":["8080:80","127.0.0.1:9000:9000/tcp"],"volumes":["web-data:/usr/share/web:ro"],"restart":"unless-stopped","memory":"256m","labels":{"team":"web"}}"""),
        ["docker.list.get"] = new(Create),
        ["docker.inspect.get"] = new(Create),
        ["docker.start.execute"] = new(Create + Curl + " -X POST " + Containers + "/web/stop; "),
        ["docker.stop.execute"] = new(Create),
        ["docker.remove.execute"] = new(Create),
        ["docker.exec.execute"] = new(Create, """{"id":"web","command":["cat","version"],"working_dir":"/etc","timeout":10}"""),
        ["docker.pull.execute"] = new("docker rmi --force localhost:5000/web:1.4 > /dev/null 2>&1; ", """{"image":"localhost:5000/web:1.4"}"""),
        ["docker.image.remove.execute"] = new("docker tag registry.example.com/web:1.4 registry.example.com/web:1.3; ", """{"image":"registry.example.com/web:1.3"}"""),
    };

    /// <summary>Gets the setup of an operation; null when its example cannot run on any host, and is only compiled.</summary>
    public static ExampleFixture? Of(Operation operation) => Scenes.GetValueOrDefault(operation.Id) ?? (Harmless.Contains(operation.Family) ? new() : null);

    /// <summary>The operations that have their own setup.</summary>
    public static IEnumerable<string> Ids => Scenes.Keys;

    /// <summary>Gets the members of an operation's example.</summary>
    public static JsonObject MembersOf(Operation operation) => Of(operation)?.Members is { } members
        ? JsonNode.Parse(members)!.AsObject()
        : JsonSerializer.SerializeToNode(operation.ExamplePair.Request, operation.RequestInfo)!.AsObject();
}
