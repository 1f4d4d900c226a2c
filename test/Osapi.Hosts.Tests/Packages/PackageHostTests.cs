using System.Text.Json;
using Osapi.Hosts.Tests.Hosts;
using Osapi.Operations;
using Osapi.Operations.Packages;

namespace Osapi.Hosts.Tests.Packages;

/// <summary>Tests of packages on a booted Debian with a repository of its own.</summary>
[Collection("hosts, one class after the other")]
public sealed class PackageHostTests(BootedHost booted) : IClassFixture<BootedHost>
{
    private const string State = "dpkg-query -W -f '${Package} ${Version} ${Status}\\n' | sha256sum; apt-mark showauto; apt-mark showhold; find /etc -newer /opt/stamp -type f | sort; ls -l --full-time /var/lib/dpkg/status /var/lib/apt/extended_states 2>/dev/null || true";

    [Fact]
    public async Task A_package_is_installed_once_and_its_removal_by_hand_is_mended()
    {
        var (host, repository) = await FreshAsync();
        await (await repository.AddAsync("acme-tool", "1.0")).ReadyAsync();
        InstallPackages request = new() { Names = ["acme-tool"] };

        await StepAsync(host, PackageOperations.Install, request, changes: true);
        await StepAsync(host, PackageOperations.Install, request, changes: false);
        await host.MustAsync("dpkg", "--remove", "acme-tool");
        await StepAsync(host, PackageOperations.Install, request, changes: true);
        await StepAsync(host, PackageOperations.Install, request, changes: false);

        Assert.Equal("1.0", await host.MustAsync("cat", "/usr/share/acme-tool/version"));
    }

    [Fact]
    public async Task The_result_lists_new_packages_with_their_dependencies_and_a_check_predicts_them()
    {
        var (host, repository) = await FreshAsync();
        await (await (await repository.AddAsync("acme-tool", "1.0", "Depends: acme-lib (>= 2)")).AddAsync("acme-lib", "2.1")).ReadyAsync();

        var check = await host.ExecuteAsync(PackageOperations.Install, new() { Names = ["acme-tool"] }, check: true);
        var result = await host.ResultAsync(PackageOperations.Install, new() { Names = ["acme-tool"] });

        Assert.Equal("""{"acme-lib":null,"acme-tool":null}""", check.Check!.Before!.Value.GetRawText());
        Assert.Equal("""{"acme-lib":"2.1","acme-tool":"1.0"}""", check.Check.After!.Value.GetRawText());
        Assert.Equal([("acme-lib", null, "2.1"), ("acme-tool", null, "1.0")], Changes(result));
        var listed = await host.ResultAsync(PackageOperations.List, new() { Names = ["acme-tool", "acme-lib", "acme-none"] });
        Assert.Equal([("acme-lib", true), ("acme-tool", false)], listed.Packages.Select(package => (package.Name, package.Automatic)));
    }

    [Fact]
    public async Task An_installed_package_that_is_to_be_present_is_not_upgraded_and_latest_upgrades_it()
    {
        var (host, repository) = await FreshAsync();
        await InstalledAsync(host, repository, "acme-tool", "1.0");
        await (await repository.AddAsync("acme-tool", "1.1")).ReadyAsync();

        await StepAsync(host, PackageOperations.Install, new() { Names = ["acme-tool"] }, changes: false);
        await StepAsync(host, PackageOperations.Install, new() { Names = ["acme-tool"], State = PackageState.Latest }, changes: true);
        await StepAsync(host, PackageOperations.Install, new() { Names = ["acme-tool"], State = PackageState.Latest }, changes: false);

        Assert.Equal("1.1", await host.MustAsync("cat", "/usr/share/acme-tool/version"));
    }

    [Fact]
    public async Task A_dependency_that_is_named_is_marked_as_wanted()
    {
        var (host, repository) = await FreshAsync();
        await InstalledAsync(host, repository, "acme-lib", "1.0");
        await host.MustAsync("apt-mark", "auto", "acme-lib");

        var reply = await StepAsync(host, PackageOperations.Install, new() { Names = ["acme-lib"] }, changes: true);
        await StepAsync(host, PackageOperations.Install, new() { Names = ["acme-lib"] }, changes: false);

        Assert.Equal("""["acme-lib"]""", reply.Result!.Value.GetProperty("marked_manual").GetRawText());
        Assert.DoesNotContain("acme-lib", await host.MustAsync("apt-mark", "showauto"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Versions_with_an_epoch_and_with_an_asterisk_are_idempotent()
    {
        var (host, repository) = await FreshAsync();
        await (await (await repository.AddAsync("acme-tool", "2:1.0-1")).AddAsync("acme-tool", "2:1.2-1")).ReadyAsync();

        await StepAsync(host, PackageOperations.Install, new() { Names = ["acme-tool=2:1.0*"] }, changes: true);
        await StepAsync(host, PackageOperations.Install, new() { Names = ["acme-tool=2:1.0*"] }, changes: false);
        await StepAsync(host, PackageOperations.Install, new() { Names = ["acme-tool=2:1.2-1"] }, changes: true);
        await StepAsync(host, PackageOperations.Install, new() { Names = ["acme-tool=2:1.2-1"] }, changes: false);
    }

    [Fact]
    public async Task A_downgrade_is_refused_unless_it_is_allowed()
    {
        var (host, repository) = await FreshAsync();
        await InstalledAsync(host, repository, "acme-tool", "1.1");
        await (await repository.AddAsync("acme-tool", "1.0")).ReadyAsync();

        await RefusedAsync(host, new() { Names = ["acme-tool=1.0"] }, ErrorType.Conflict, "allow_downgrade allows an older version");
        await StepAsync(host, PackageOperations.Install, new() { Names = ["acme-tool=1.0"], AllowDowngrade = true }, changes: true);
    }

    [Fact]
    public async Task A_name_and_a_version_that_no_index_knows_are_not_found_and_the_versions_are_named()
    {
        var (host, repository) = await FreshAsync();
        await (await (await repository.AddAsync("acme-tool", "1.0")).AddAsync("acme-tool", "1.1")).ReadyAsync();

        await RefusedAsync(host, new() { Names = ["acme-none", "acme-tool"] }, ErrorType.NotFound, "there is no package acme-none in the index of this host");
        await RefusedAsync(host, new() { Names = ["acme-tool=9"] }, ErrorType.NotFound, "the index has no version 9 of acme-tool, but 1.1, 1.0");
    }

    [Fact]
    public async Task A_name_that_is_a_pattern_for_apt_does_not_match_other_packages()
    {
        var (host, repository) = await FreshAsync();
        await (await repository.AddAsync("acme-tool", "1.0")).ReadyAsync();

        // A regular expression that matches acme-tool, and apt's suffix for an installation.
        await RefusedAsync(host, new() { Names = ["acme.too.+"] }, ErrorType.NotFound, "there is no package acme.too.+");
        await RefusedAsync(host, new() { Names = ["acme-tool+"] }, ErrorType.NotFound, "there is no package acme-tool+");
        Assert.Empty((await host.ResultAsync(PackageOperations.List, new() { Names = ["acme-tool"] })).Packages);
    }

    [Fact]
    public async Task A_virtual_package_that_an_installed_one_provides_is_there_and_of_several_providers_none_is_chosen()
    {
        var (host, repository) = await FreshAsync();
        await (await (await repository.AddAsync("acme-one", "1.0", "Provides: acme-server")).AddAsync("acme-two", "1.0", "Provides: acme-server")).ReadyAsync();

        var several = await host.ExecuteAsync(PackageOperations.Install, new() { Names = ["acme-server"] });
        await host.ResultAsync(PackageOperations.Install, new() { Names = ["acme-two"] });
        var provided = await host.ResultAsync(PackageOperations.Install, new() { Names = ["acme-server"] });

        Assert.True(several.ErrorType is ErrorType.Conflict or ErrorType.NotFound, several.Error);
        Assert.Contains("acme-one", several.Error, StringComparison.Ordinal);
        Assert.Equal((false, "acme-server is provided by acme-two"), (provided.Changed, provided.Note));
    }

    [Fact]
    public async Task A_virtual_package_with_one_provider_is_installed_and_the_provider_is_named()
    {
        var (host, repository) = await FreshAsync();
        await (await repository.AddAsync("acme-one", "1.0", "Provides: acme-server")).ReadyAsync();

        var reply = await StepAsync(host, PackageOperations.Install, new() { Names = ["acme-server"] }, changes: true);
        await StepAsync(host, PackageOperations.Install, new() { Names = ["acme-server"] }, changes: false);

        Assert.Contains("acme-one", reply.Result!.Value.GetProperty("note").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Broken_dependencies_are_a_conflict_that_names_them()
    {
        var (host, repository) = await FreshAsync();
        await (await repository.AddAsync("acme-tool", "1.0", "Depends: acme-none (>= 3)")).ReadyAsync();

        await RefusedAsync(host, new() { Names = ["acme-tool"] }, ErrorType.Conflict, "acme-none");
    }

    [Fact]
    public async Task A_package_in_the_way_is_removed_only_if_that_is_allowed()
    {
        var (host, repository) = await FreshAsync();
        await InstalledAsync(host, repository, "acme-one", "1.0");
        await (await repository.AddAsync("acme-two", "1.0", "Conflicts: acme-one")).ReadyAsync();

        await RefusedAsync(host, new() { Names = ["acme-two"] }, ErrorType.Conflict, "other packages would be removed: acme-one");
        var result = await host.ResultAsync(PackageOperations.Install, new() { Names = ["acme-two"], AllowRemovals = true });

        Assert.Equal([("acme-one", "1.0", null), ("acme-two", null, "1.0")], Changes(result));
    }

    [Fact]
    public async Task A_removal_keeps_the_configuration_and_a_purge_removes_it_also_later()
    {
        var (host, repository) = await FreshAsync();
        await InstalledAsync(host, repository, "acme-tool", "1.0", conffile: "port = 1\n");

        await StepAsync(host, PackageOperations.Remove, new() { Names = ["acme-tool"] }, changes: true);
        await StepAsync(host, PackageOperations.Remove, new() { Names = ["acme-tool"] }, changes: false);
        Assert.Equal("port = 1", await host.MustAsync("cat", "/etc/acme-tool.conf"));
        Assert.Equal(PackageStatus.ConfigFiles, Assert.Single((await host.ResultAsync(PackageOperations.List, new() { Names = ["acme-tool"], State = PackageFilter.ConfigFiles })).Packages).Status);
        await StepAsync(host, PackageOperations.Remove, new() { Names = ["acme-tool"], Purge = true }, changes: true);
        await StepAsync(host, PackageOperations.Remove, new() { Names = ["acme-tool"], Purge = true }, changes: false);
        Assert.False(File.Exists(host.Outside("/etc/acme-tool.conf")));
    }

    [Fact]
    public async Task A_name_that_no_index_knows_counts_as_removed()
    {
        var (host, _) = await FreshAsync();

        await StepAsync(host, PackageOperations.Remove, new() { Names = ["acme-none"] }, changes: false);
    }

    [Fact]
    public async Task A_removal_with_dependents_is_a_conflict_that_names_them()
    {
        var (host, repository) = await FreshAsync();
        await (await (await repository.AddAsync("acme-tool", "1.0", "Depends: acme-lib")).AddAsync("acme-lib", "1.0")).ReadyAsync();
        await host.ResultAsync(PackageOperations.Install, new() { Names = ["acme-tool"] });

        var refused = await host.ExecuteAsync(PackageOperations.Remove, new() { Names = ["acme-lib"] });
        var autoremoved = await host.ResultAsync(PackageOperations.Remove, new() { Names = ["acme-tool"], Autoremove = true });

        Assert.Equal((ErrorType.Conflict, false), (refused.ErrorType, refused.Changed));
        Assert.Contains("acme-tool (allow_dependents allows it)", refused.Error, StringComparison.Ordinal);
        Assert.Equal([("acme-lib", "1.0", null), ("acme-tool", "1.0", null)], Changes(autoremoved));
    }

    [Fact]
    public async Task An_essential_package_is_never_removed()
    {
        var (host, _) = await FreshAsync();

        var refused = await host.ExecuteAsync(PackageOperations.Remove, new() { Names = ["bash"], AllowDependents = true });

        Assert.Equal((ErrorType.Conflict, false), (refused.ErrorType, refused.Changed));
        Assert.Contains("an essential package would be removed", refused.Error, StringComparison.Ordinal);
        await host.MustAsync("bash", "-c", "true");
    }

    [Fact]
    public async Task A_package_on_hold_is_installed_is_not_upgraded_and_cannot_be_removed()
    {
        var (host, repository) = await FreshAsync();
        await InstalledAsync(host, repository, "acme-tool", "1.0");
        await InstalledAsync(host, repository, "acme-lib", "1.0");

        await StepAsync(host, PackageOperations.Hold, new() { Names = ["acme-tool"], Held = true }, changes: true);
        await StepAsync(host, PackageOperations.Hold, new() { Names = ["acme-tool"], Held = true }, changes: false);
        await (await (await repository.AddAsync("acme-tool", "1.1")).AddAsync("acme-lib", "1.1")).ReadyAsync();
        await StepAsync(host, PackageOperations.Install, new() { Names = ["acme-tool"] }, changes: false);
        var updates = await host.ResultAsync(PackageOperations.Updates, new());
        var upgraded = await host.ResultAsync(PackageOperations.Upgrade, new());
        var only = await host.ResultAsync(PackageOperations.Upgrade, new() { Only = ["acme-tool"] });
        await RefusedAsync(host, new() { Names = ["acme-tool"], State = PackageState.Latest }, ErrorType.Conflict, "allow_held allows it");
        var removal = await host.ExecuteAsync(PackageOperations.Remove, new() { Names = ["acme-tool"] });

        Assert.Equal([("acme-lib", "1.0", "1.1", false), ("acme-tool", "1.0", "1.1", true)], updates.Updates.Select(update => (update.Name, update.CurrentVersion, update.NewVersion, update.Held)));
        Assert.Equal(["acme-tool"], updates.KeptBack);
        Assert.Equal([("acme-lib", "1.0", "1.1")], Changes(upgraded));
        Assert.Equal((false, "kept back: acme-tool"), (only.Changed, only.Note));
        Assert.Equal(ErrorType.Conflict, removal.ErrorType);
        Assert.True(Assert.Single((await host.ResultAsync(PackageOperations.List, new() { State = PackageFilter.Held })).Packages).Held);

        // Allowed, it changes and stays on hold.
        await StepAsync(host, PackageOperations.Install, new() { Names = ["acme-tool"], State = PackageState.Latest, AllowHeld = true }, changes: true);
        Assert.Equal("acme-tool", await host.MustAsync("apt-mark", "showhold"));
        await StepAsync(host, PackageOperations.Hold, new() { Names = ["acme-tool"], Held = false }, changes: true);
        await StepAsync(host, PackageOperations.Hold, new() { Names = ["acme-tool"], Held = false }, changes: false);
    }

    [Fact]
    public async Task A_hold_of_a_package_that_is_not_installed_is_not_found()
    {
        var (host, _) = await FreshAsync();

        var reply = await host.ExecuteAsync(PackageOperations.Hold, new() { Names = ["acme-none"], Held = true });

        Assert.Equal((ErrorType.NotFound, "acme-none is not installed on this host"), (reply.ErrorType, reply.Error));
        await StepAsync(host, PackageOperations.Hold, new() { Names = ["acme-none"], Held = false }, changes: false);
    }

    [Fact]
    public async Task An_upgrade_of_one_dependency_leaves_it_a_dependency_and_the_others_alone()
    {
        var (host, repository) = await FreshAsync();
        await InstalledAsync(host, repository, "acme-lib", "1.0");
        await InstalledAsync(host, repository, "acme-tool", "1.0");
        await host.MustAsync("apt-mark", "auto", "acme-lib");
        await (await (await repository.AddAsync("acme-lib", "1.1")).AddAsync("acme-tool", "1.1")).ReadyAsync();
        UpgradePackages request = new() { Only = ["acme-lib"] };

        await StepAsync(host, PackageOperations.Upgrade, request, changes: true);
        await StepAsync(host, PackageOperations.Upgrade, request, changes: false);

        Assert.Equal("1.0", await host.MustAsync("cat", "/usr/share/acme-tool/version"));
        Assert.Contains("acme-lib", await host.MustAsync("apt-mark", "showauto"), StringComparison.Ordinal);
        await StepAsync(host, PackageOperations.Upgrade, new(), changes: true);
        await StepAsync(host, PackageOperations.Upgrade, new(), changes: false);
    }

    [Fact]
    public async Task A_safe_upgrade_removes_nothing_and_a_full_one_does()
    {
        var (host, repository) = await FreshAsync();
        await InstalledAsync(host, repository, "acme-one", "1.0");
        await InstalledAsync(host, repository, "acme-two", "1.0");
        await (await repository.AddAsync("acme-two", "1.1", "Conflicts: acme-one")).ReadyAsync();

        var safe = await host.ResultAsync(PackageOperations.Upgrade, new());
        var full = await host.ResultAsync(PackageOperations.Upgrade, new() { Mode = UpgradeMode.Full });

        Assert.Equal((false, "kept back: acme-two"), (safe.Changed, safe.Note));
        Assert.Equal([("acme-one", "1.0", null), ("acme-two", "1.0", "1.1")], Changes(full));
    }

    [Theory]
    [InlineData(null, "port = mine")]
    [InlineData(ConfigFilePolicy.Keep, "port = mine")]
    [InlineData(ConfigFilePolicy.Replace, "port = 2")]
    public async Task A_configuration_file_that_both_changed_asks_nobody(ConfigFilePolicy? policy, string expected)
    {
        var (host, repository) = await FreshAsync();
        await InstalledAsync(host, repository, "acme-tool", "1.0", conffile: "port = 1\n");
        await host.MustAsync("sh", "-c", "echo 'port = mine' > /etc/acme-tool.conf");
        await (await repository.AddAsync("acme-tool", "1.1", conffile: "port = 2\n")).ReadyAsync();

        await StepAsync(host, PackageOperations.Upgrade, new() { Conffiles = policy }, changes: true);

        Assert.Equal(expected, await host.MustAsync("cat", "/etc/acme-tool.conf"));
    }

    [Fact]
    public async Task A_question_of_debconf_gets_its_default()
    {
        var (host, repository) = await FreshAsync();
        await (await repository.AddAsync("acme-ask", "1.0", "Depends: debconf", new Dictionary<string, string>
        {
            ["templates"] = "Template: acme-ask/port\nType: string\nDefault: 8080\nDescription: Port?\n",
            ["config"] = ". /usr/share/debconf/confmodule\ndb_input critical acme-ask/port || true\ndb_go || true",
            ["postinst"] = ". /usr/share/debconf/confmodule\ndb_get acme-ask/port\necho $RET > /etc/acme-ask.answer",
        })).ReadyAsync();

        await StepAsync(host, PackageOperations.Install, new() { Names = ["acme-ask"] }, changes: true);

        Assert.Equal("8080", await host.MustAsync("cat", "/etc/acme-ask.answer"));
    }

    [Fact]
    public async Task A_script_that_reads_its_input_finds_it_empty()
    {
        var (host, repository) = await FreshAsync();
        await (await repository.AddAsync("acme-read", "1.0", scripts: new Dictionary<string, string> { ["postinst"] = "read answer || echo none > /etc/acme-read.answer" })).ReadyAsync();

        await StepAsync(host, PackageOperations.Install, new() { Names = ["acme-read"] }, changes: true);

        Assert.Equal("none", await host.MustAsync("cat", "/etc/acme-read.answer"));
    }

    [Fact]
    public async Task A_failing_script_is_named_the_change_is_told_and_a_repair_finishes_it()
    {
        var (host, repository) = await FreshAsync();
        await (await (await repository.AddAsync("acme-fail", "1.0", scripts: new Dictionary<string, string> { ["postinst"] = "echo no licence >&2\ntest -e /etc/acme-licence || exit 3" })).AddAsync("acme-tool", "1.0")).ReadyAsync();

        var failed = await host.ExecuteAsync(PackageOperations.Install, new() { Names = ["acme-fail"] });

        Assert.Equal((Outcome.Failed, ErrorType.Failed, true), (failed.Outcome, failed.ErrorType, failed.Changed));
        Assert.Contains("acme-fail", failed.Error, StringComparison.Ordinal);
        Assert.Contains("returned error exit status 3", failed.Error, StringComparison.Ordinal);
        Assert.Contains("no licence", failed.Result!.Value.GetProperty("stdout").GetString(), StringComparison.Ordinal);
        Assert.Equal(PackageStatus.HalfConfigured, Assert.Single((await host.ResultAsync(PackageOperations.List, new() { State = PackageFilter.Broken })).Packages).Status);

        // Another package waits for that one: it is said so, and nothing is tried.
        await RefusedAsync(host, new() { Names = ["acme-tool"] }, ErrorType.Conflict, "acme-fail is half_configured; repair runs dpkg --configure -a first");
        var again = await host.ExecuteAsync(PackageOperations.Install, new() { Names = ["acme-tool"], Repair = true });
        Assert.Equal((Outcome.Failed, true), (again.Outcome, again.Error!.Contains("returned error exit status 3", StringComparison.Ordinal)));

        await host.MustAsync("touch", "/etc/acme-licence");
        await StepAsync(host, PackageOperations.Install, new() { Names = ["acme-tool"], Repair = true }, changes: true);
        await StepAsync(host, PackageOperations.Install, new() { Names = ["acme-tool", "acme-fail"], Repair = true }, changes: false);
    }

    [Fact]
    public async Task A_package_whose_script_failed_is_completed_by_its_own_installation_and_can_be_removed()
    {
        var (host, repository) = await FreshAsync();
        await (await repository.AddAsync("acme-fail", "1.0", scripts: new Dictionary<string, string> { ["postinst"] = "test -e /etc/acme-licence" })).ReadyAsync();
        InstallPackages request = new() { Names = ["acme-fail"] };

        Assert.Equal(Outcome.Failed, (await host.ExecuteAsync(PackageOperations.Install, request)).Outcome);
        await StepAsync(host, PackageOperations.Remove, new() { Names = ["acme-fail"] }, changes: true);
        Assert.Equal(Outcome.Failed, (await host.ExecuteAsync(PackageOperations.Install, request)).Outcome);
        await host.MustAsync("touch", "/etc/acme-licence");
        var completed = await host.ExecuteAsync(PackageOperations.Install, request);

        Assert.Equal((Outcome.Ok, null), (completed.Outcome, completed.Error));
        await StepAsync(host, PackageOperations.Install, request, changes: false);
    }

    [Fact]
    public async Task A_lock_of_another_program_is_waited_for_and_one_that_stays_is_named()
    {
        var (host, repository) = await FreshAsync();
        await (await repository.AddAsync("acme-tool", "1.0")).ReadyAsync();
        await using var holder = host.Start("perl", "-e", "open(F, '+<', '/var/lib/dpkg/lock-frontend'); my $lock = pack('s s x4 q q l x4', 1, 0, 0, 0, 0); fcntl(F, 6, $lock) or die; $| = 1; print \"locked $$\\n\"; sleep 600");
        await holder.LineAsync("locked", TestContext.Current.CancellationToken);

        await RefusedAsync(host, new() { Names = ["acme-tool"], LockTimeout = 0 }, ErrorType.Unavailable, "locked by perl (pid ");
        var waiting = host.ExecuteAsync(PackageOperations.Install, new() { Names = ["acme-tool"] });
        Assert.False(waiting.IsCompleted);
        await host.MustAsync("sh", "-c", "kill $(pidof perl)");

        Assert.Equal((Outcome.Ok, true), ((await waiting).Outcome, (await waiting).Changed));
    }

    [Fact]
    public async Task A_full_disk_is_said_before_anything_is_changed()
    {
        var (host, repository) = await FreshAsync();
        await (await repository.AddAsync("acme-big", "1.0", "Installed-Size: 900000000", padding: 100_000)).ReadyAsync();
        await host.MustAsync("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", "/var/cache/apt/archives");
        try
        {
            var reply = await host.ExecuteAsync(PackageOperations.Install, new() { Names = ["acme-big"] });

            Assert.Equal((Outcome.Failed, false), (reply.Outcome, reply.Changed));
            Assert.Equal((ErrorType.Unavailable, true), (reply.ErrorType, reply.Error!.Contains("space", StringComparison.Ordinal)));
        }
        finally
        {
            await host.MustAsync("umount", "/var/cache/apt/archives");
        }
    }

    [Fact]
    public async Task A_disk_that_gets_full_while_packages_are_unpacked_leaves_a_state_that_is_told_and_repaired()
    {
        var (host, repository) = await FreshAsync();
        await (await repository.AddAsync("acme-big", "1.0", padding: 400_000)).ReadyAsync();
        await host.MustAsync("sh", "-c", "mkdir -p /usr/share/acme-big && mount -t tmpfs -o size=64k tmpfs /usr/share/acme-big");
        try
        {
            var reply = await host.ExecuteAsync(PackageOperations.Install, new() { Names = ["acme-big"] });

            Assert.Equal((Outcome.Failed, ErrorType.Unavailable), (reply.Outcome, reply.ErrorType));
            Assert.Contains("a file system is full", reply.Error, StringComparison.Ordinal);
        }
        finally
        {
            await host.MustAsync("umount", "/usr/share/acme-big");
        }

        var mended = await host.ExecuteAsync(PackageOperations.Install, new() { Names = ["acme-big"] });
        Assert.Equal((Outcome.Ok, null), (mended.Outcome, mended.Error));
    }

    [Fact]
    public async Task A_refresh_is_a_change_when_a_source_has_something_new_and_is_left_out_while_the_index_is_young()
    {
        var (host, repository) = await FreshAsync();
        await repository.AddAsync("acme-tool", "1.0");

        var first = await host.ResultAsync(PackageOperations.Refresh, new());
        var again = await host.ResultAsync(PackageOperations.Refresh, new());
        var young = await host.ExecuteAsync(PackageOperations.Refresh, new() { OlderThan = 3600 });
        var check = await host.ExecuteAsync(PackageOperations.Refresh, new() { OlderThan = 3600 }, check: true);
        var due = await host.ExecuteAsync(PackageOperations.Refresh, new(), check: true);

        Assert.True(first.Changed, first.OutputTail);
        Assert.False(again.Changed, again.OutputTail);
        Assert.InRange(first.IndexAge!.Value, 0, 60);
        Assert.Equal((Outcome.Ok, false, false), (young.Outcome, young.Changed, young.Result!.Value.TryGetProperty("output_tail", out _)));
        Assert.Equal((false, null), (check.Check!.Changed, due.Check!.Changed));
    }

    [Fact]
    public async Task A_source_that_does_not_answer_is_an_error_that_names_it()
    {
        var (host, repository) = await FreshAsync();
        await (await repository.AddAsync("acme-tool", "1.0")).ReadyAsync();
        await host.MustAsync("sh", "-c", "echo 'deb [trusted=yes] http://127.0.0.1:9/none ./' > /etc/apt/sources.list.d/none.list");

        var reply = await host.ExecuteAsync(PackageOperations.Refresh, new());

        Assert.Equal((Outcome.Failed, ErrorType.Unavailable), (reply.Outcome, reply.ErrorType));
        Assert.Contains("http://127.0.0.1:9/none", reply.Result!.Value.GetProperty("failed_sources").GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_installation_refreshes_an_old_index_only_when_something_is_missing()
    {
        var (host, repository) = await FreshAsync();
        await InstalledAsync(host, repository, "acme-lib", "1.0");
        await repository.AddAsync("acme-tool", "1.0");

        var nothing = await host.ResultAsync(PackageOperations.Install, new() { Names = ["acme-lib"], RefreshOlderThan = 0 });
        await RefusedAsync(host, new() { Names = ["acme-tool"], RefreshOlderThan = 3600 }, ErrorType.NotFound, "there is no package acme-tool");
        var check = await host.ExecuteAsync(PackageOperations.Install, new() { Names = ["acme-tool"], RefreshOlderThan = 0 }, check: true);
        var result = await host.ResultAsync(PackageOperations.Install, new() { Names = ["acme-tool"], RefreshOlderThan = 0 });

        Assert.Equal((false, false), (nothing.Changed, nothing.Refreshed));
        Assert.Null(check.Check!.Changed);
        Assert.Equal((true, true), (result.Changed, result.Refreshed));
    }

    [Fact]
    public async Task A_host_without_dpkg_is_unavailable_and_told_why()
    {
        var (host, _) = await FreshAsync();
        await host.MustAsync("mv", "/usr/bin/dpkg", "/usr/bin/dpkg.away");
        try
        {
            var reply = await host.ExecuteAsync(PackageOperations.List, new());

            Assert.Equal(ErrorType.Unavailable, reply.ErrorType);
            Assert.StartsWith("there is no dpkg on this host", reply.Error, StringComparison.Ordinal);
        }
        finally
        {
            await host.MustAsync("mv", "/usr/bin/dpkg.away", "/usr/bin/dpkg");
        }
    }

    [Fact]
    public async Task An_agent_that_is_not_root_can_check_and_is_refused_when_it_acts()
    {
        var (host, repository) = await FreshAsync();
        await (await repository.AddAsync("acme-tool", "1.0")).ReadyAsync();
        await using var agent = host.StartUnprivilegedAgent();
        var request = JsonSerializer.SerializeToElement(new() { Names = ["acme-tool"] }, PackageOperations.Install.Request);

        var check = await agent.ExecuteAsync(PackageOperations.Install.Id, request, check: true, TestContext.Current.CancellationToken);
        var reply = await agent.ExecuteAsync(PackageOperations.Install.Id, request, check: false, TestContext.Current.CancellationToken);

        Assert.Equal((null, true), (check.Error, check.Check?.Changed));
        Assert.Equal((ErrorType.Unavailable, "packages can only be changed by an agent that runs as root"), (reply.ErrorType, reply.Error));
    }

    private static IEnumerable<(string Name, string? From, string? To)> Changes(PackageResult result) => (result.Packages ?? []).Select(package => (package.Name, package.From, package.To));

    private static async Task RefusedAsync(SystemdHost host, InstallPackages request, ErrorType type, string message)
    {
        var before = await host.MustAsync("bash", "-c", State);
        foreach (var check in (bool[])[true, false])
        {
            var reply = await host.ExecuteAsync(PackageOperations.Install, request, check);
            Assert.Equal((Outcome.Failed, type, false), (reply.Outcome, reply.ErrorType, reply.Changed));
            Assert.Contains(message, reply.Error, StringComparison.Ordinal);
        }

        Assert.Equal(before, await host.MustAsync("bash", "-c", State));
    }

    // A check predicts it and writes nothing; then it is done.
    private static async Task<HostReply> StepAsync<TRequest, TResult>(SystemdHost host, Operation<TRequest, TResult> operation, TRequest request, bool changes)
        where TRequest : notnull
        where TResult : notnull
    {
        var before = await host.MustAsync("bash", "-c", State);
        var check = await host.ExecuteAsync(operation, request, check: true);
        Assert.Equal((Outcome.Ok, null, changes), (check.Outcome, check.Error, check.Check!.Changed));
        Assert.Equal(before, await host.MustAsync("bash", "-c", State));

        var reply = await host.ExecuteAsync(operation, request);
        Assert.Equal((Outcome.Ok, null, changes), (reply.Outcome, reply.Error, reply.Changed));
        Assert.Equal(changes, before != await host.MustAsync("bash", "-c", State));
        return reply;
    }

    private static async Task InstalledAsync(SystemdHost host, TestRepository repository, string name, string version, string? conffile = null)
    {
        await (await repository.AddAsync(name, version, conffile: conffile)).ReadyAsync();
        await host.MustAsync("sh", "-c", $"DEBIAN_FRONTEND=noninteractive apt-get -qq -y install {name} </dev/null");
    }

    private async Task<(SystemdHost Host, TestRepository Repository)> FreshAsync()
    {
        var host = await booted.GetAsync();
        var repository = await TestRepository.OpenAsync(host);
        await host.MustAsync("bash", "-c", "touch /opt/stamp; apt-get -qq update || true");
        return (host, repository);
    }
}
