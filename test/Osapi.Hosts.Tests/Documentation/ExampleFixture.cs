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

    private const string Unit = "printf '%s\\n' '# Written by osapi for service.unit.update. Changes made by hand are overwritten.' '[Service]' 'ExecStart=/usr/bin/sleep infinity' 'ExecReload=/usr/bin/true' '[Install]' 'WantedBy=multi-user.target' "
        + "> /etc/systemd/system/example-web.service; systemctl daemon-reload; systemctl disable --quiet --now example-web; ";

    private const string NoUnit = Unit + "rm /etc/systemd/system/example-web.service; systemctl daemon-reload; ";

    // Families whose examples need a host that booted systemd.
    private static readonly IReadOnlyList<string> Booted = ["service"];

    // A repository with two versions of a package is the only source of the host's packages.
    private const string Repository = "rm -rf /opt/acme; mkdir -p /opt/acme/build/DEBIAN /opt/acme/repo; "
        + "for version in 1.0 1.1; do printf \"Package: acme-tool\\nVersion: $version\\nArchitecture: all\\nInstalled-Size: 2\\nMaintainer: Acme <acme@example.com>\\nDescription: tool of the example\\n\" > /opt/acme/build/DEBIAN/control; "
        + "deb=acme-tool_${version}_all.deb; dpkg-deb -b /opt/acme/build /opt/acme/repo/$deb > /dev/null; "
        + "{ cat /opt/acme/build/DEBIAN/control; echo \"Filename: ./$deb\"; echo \"Size: $(stat -c %s /opt/acme/repo/$deb)\"; echo \"SHA256: $(sha256sum < /opt/acme/repo/$deb | cut -d ' ' -f 1)\"; echo; } > /opt/acme/$version; done; "
        + "rm -rf /etc/apt/sources.list.d/*; echo 'deb [trusted=yes] copy:/opt/acme/repo ./' > /etc/apt/sources.list; dpkg --purge acme-tool > /dev/null 2>&1; ";
    private const string OldIndex = "cat /opt/acme/1.0 > /opt/acme/repo/Packages; apt-get -qq update; ";
    private const string NewIndex = "cat /opt/acme/1.0 /opt/acme/1.1 > /opt/acme/repo/Packages; apt-get -qq update; ";
    private const string Package = Repository + OldIndex;
    private const string Installed = Package + "DEBIAN_FRONTEND=noninteractive apt-get -qq -y install acme-tool > /dev/null 2>&1; ";

    private const string NoUser = "userdel -rf deploy > /dev/null 2>&1; groupdel deployers > /dev/null 2>&1; ";
    private const string User = NoUser + "useradd -m -s /bin/bash -c Deployment -G www-data deploy; ";
    private const string Key = User + "install -d -m 700 -o deploy -g deploy /home/deploy/.ssh; install -m 600 -o deploy -g deploy /dev/null /home/deploy/.ssh/authorized_keys; "
        + "echo 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFsLLGJvNX2muduionZfGAFf3fwVrcgkyvEv5JwwveOB deploy@example.com' > /home/deploy/.ssh/authorized_keys; ";

    private const string Setting = "net.ipv4.conf.all.log_martians";
    private const string NoSetting = "rm -f /etc/sysctl.d/90-osapi-*; sysctl -qw " + Setting + "=0; ";
    private const string SettingOf = NoSetting + "sysctl -qw " + Setting + "=1; printf '%s\\n' '# Written by osapi for sysctl.value.update. Changes made by hand are overwritten.' '" + Setting + " = 1' > /etc/sysctl.d/90-osapi-" + Setting + ".conf; ";

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
        ["file.directory.update"] = new("rm -rf /srv/app; "),
        ["file.link.update"] = new("rm -rf /srv/app; mkdir -p /srv/app; ln -s releases/41 /srv/app/current; "),
        ["file.attributes.update"] = new("rm -rf /srv/app; mkdir -p /srv/app/data/old; date > /srv/app/data/old/list; "),
        ["file.extract.update"] = new("rm -rf /srv/app; mkdir -p /srv/app/app-1.4/bin; printf '#!/bin/sh\\n' > /srv/app/app-1.4/bin/app; echo 1.4 > /srv/app/app-1.4/version; tar -C /srv/app -czf /srv/app/app-1.4.tar.gz app-1.4; "),
        ["file.path.delete"] = new("mkdir -p /srv/app/releases/40; date > /srv/app/releases/40/started; "),
        ["file.stat.get"] = new("mkdir -p /srv/app; touch -d '2026-01-02 03:04:05 UTC' /srv/app/app.conf; rm -f /srv/app/none; "),
        ["file.content.get"] = new("mkdir -p /srv/app; echo 1.4 > /srv/app/version; "),
        ["file.line.update"] = new("mkdir -p /srv/app; printf 'host = a\\n#port = 80\\n' > /srv/app/app.conf; "),
        ["file.block.update"] = new("mkdir -p /srv/app; printf '127.0.0.1 localhost\\n' > /srv/app/hosts; "),
        ["file.replace.update"] = new("mkdir -p /srv/app; printf 'port = 8080\\nlevel = debug\\n' > /srv/app/app.conf; "),
        ["service.list.get"] = new(),
        ["service.status.get"] = new(),
        ["service.state.update"] = new(Unit),
        ["service.start.execute"] = new(Unit),
        ["service.stop.execute"] = new(Unit + "systemctl start example-web; "),
        ["service.restart.execute"] = new(Unit + "systemctl start example-web; "),
        ["service.reload.execute"] = new(Unit + "systemctl start example-web; "),
        ["service.enable.execute"] = new(Unit),
        ["service.disable.execute"] = new(Unit + "systemctl enable --quiet example-web; "),
        ["service.unit.update"] = new(NoUnit),
        ["service.unit.delete"] = new(Unit),
        ["package.list.get"] = new(Installed),
        ["package.updates.get"] = new(Installed + NewIndex),
        ["package.install.execute"] = new(Package),
        ["package.remove.execute"] = new(Installed),
        ["package.refresh.execute"] = new(Package + "touch -d '2 hours ago' /var/lib/apt/lists; cat /opt/acme/1.0 /opt/acme/1.1 > /opt/acme/repo/Packages; "),
        ["package.hold.update"] = new(Installed + "apt-mark unhold acme-tool > /dev/null; "),
        ["package.upgrade.execute"] = new(Installed + NewIndex),
        ["package.repository.update"] = new(Package + NewIndex + "rm -f /etc/apt/sources.list.d/*; "),
        ["package.repository.delete"] = new("printf 'Types: deb\\nURIs: copy:/opt/acme/repo\\nSuites: ./\\nTrusted: yes\\n' > /etc/apt/sources.list.d/osapi-acme.sources; "),
        ["user.list.get"] = new(User, """{"name":"deploy"}"""),
        ["user.account.get"] = new(User),
        ["user.account.update"] = new(NoUser),
        ["user.account.delete"] = new(User),
        ["user.password.update"] = new(User),
        ["user.key.list.get"] = new(Key),
        ["user.key.update"] = new(User),
        ["group.list.get"] = new(User),
        ["group.account.get"] = new(User),
        ["group.account.update"] = new(User),
        ["group.account.delete"] = new(User + "groupadd deployers; "),
        ["sysctl.list.get"] = new(SettingOf),
        ["sysctl.value.get"] = new(SettingOf),
        ["sysctl.value.update"] = new(NoSetting),
        ["sysctl.value.delete"] = new(SettingOf),
        ["network.dns.get"] = new(),
        ["network.dns.update"] = new("printf 'nameserver 10.77.0.254\\n' > /etc/resolv.conf; "),
        ["network.ping.do"] = new(Members: """{"address":"10.77.0.254","count":3,"interval":0.2}"""),
        // The controller listens on it.
        ["wait.port.do"] = new(),
        ["http.check.do"] = new(Members: """{"address":"http://127.0.0.1:8080/health","statuses":[200],"timeout":60}"""),
        ["wait.path.do"] = new("mkdir -p /srv/app; date > /srv/app/ready; "),
        ["job.list"] = new(Job, """{"status":"completed","limit":1}"""),
        ["job.get"] = new(Job),
        ["job.cancel"] = new(Job),
        ["job.retry"] = new(Job),
        // The id of a deleted job stays in use.
        ["job.delete"] = new(Job, OnNew: true),
        ["agent.list"] = new(),
        ["target.resolve.get"] = new(Members: """{"target":"_all","operation":"node.hostname.get"}"""),
        ["agent.get"] = new(),
        ["token.revoke"] = new(),
        ["token.list"] = new(),
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

    /// <summary>True when the examples of a family run on a host that booted systemd.</summary>
    public static bool IsBooted(string family) => Booted.Contains(family);

    /// <summary>The operations that have their own setup.</summary>
    public static IEnumerable<string> Ids => Scenes.Keys;

    /// <summary>Gets the members of an operation's example.</summary>
    public static JsonObject MembersOf(Operation operation) => Of(operation)?.Members is { } members
        ? JsonNode.Parse(members)!.AsObject()
        : JsonSerializer.SerializeToNode(operation.ExamplePair.Request, operation.RequestInfo)!.AsObject();
}
