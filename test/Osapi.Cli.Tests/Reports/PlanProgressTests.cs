using System.Text.RegularExpressions;
using Microsoft.Extensions.Time.Testing;
using Osapi.Cli.Rendering.Progress;
using Osapi.Orchestrator;

namespace Osapi.Cli.Tests.Reports;

/// <summary>Tests of the progress of a run, on a terminal and elsewhere.</summary>
public sealed partial class PlanProgressTests
{
    private const string Erase = "\r\x1b[K";
    private readonly FakeTimeProvider time = new();
    private readonly StringWriter text = new();
    private readonly Plan plan = new(null, new());

    [Fact]
    public void Without_a_terminal_there_is_a_sign_of_life_when_nothing_else_was_printed()
    {
        using PlanProgress progress = new(new(text), null, "p", time);
        var hooks = progress.Hooks;
        var migrate = plan.TaskFunc("migrate", _ => new Result());
        hooks.BeforePlan!(new(2, [new(["migrate"], false), new(["restart"], false)]));
        hooks.BeforeTask!(migrate);

        time.Advance(PlanProgress.SignInterval - TimeSpan.FromTicks(1));
        Assert.Equal(2, Lines.Length);
        time.Advance(TimeSpan.FromTicks(1));
        Assert.Equal("  waiting    0 of 2 tasks, running migrate, 5 s", Lines[^1]);
        hooks.AfterHost!(migrate, new() { Hostname = "web-01" });
        hooks.OnRetry!(migrate, new(1, new IOException("reset")) { Delay = TimeSpan.FromSeconds(30), Hosts = ["web-02"] });
        Assert.Equal("  retrying   migrate  attempt 1 failed, next in 30.0 s: reset", Lines[^1]);

        // Counted from the last line.
        time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.Equal(4, Lines.Length);
        time.Advance(TimeSpan.FromSeconds(0.1));
        for (var seconds = 0; seconds < 60; seconds++)
            time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("  waiting    0 of 2 tasks, running migrate (1 host done), 10 s, migrate again in 25 s", Lines[4]);
        Assert.Equal("  waiting    0 of 2 tasks, running migrate (1 host done), 1 min 10 s", Lines[^1]);
        progress.Dispose();
        var count = Lines.Length;
        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(count, Lines.Length);
    }

    [Fact]
    public void A_terminal_has_a_status_line_below_the_lines_that_stay()
    {
        using PlanProgress progress = new(new(text), new(text, () => 60), "p", time);
        var hooks = progress.Hooks;
        var migrate = plan.TaskFunc("migrate", _ => new Result());
        hooks.BeforePlan!(new(1, [new(["migrate"], false)]));
        hooks.BeforeTask!(migrate);
        time.Advance(TimeSpan.FromSeconds(75));
        Assert.EndsWith($"{Erase}\x1b[?7l  0 of 1 tasks, running migrate, 1 min 15 s\x1b[?7h", text.ToString(), StringComparison.Ordinal);

        hooks.AfterTask!(migrate, new() { Name = "migrate", Status = Status.Changed, Duration = TimeSpan.FromSeconds(75) });
        progress.Dispose();

        Assert.Contains($"{Erase}  changed    migrate  1 min 15 s\n{Erase}\x1b[?7l  1 of 1 tasks, 1 min 15 s\x1b[?7h{Erase}", Text, StringComparison.Ordinal);
        Assert.EndsWith(Erase, text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Nothing_in_a_status_line_controls_the_terminal_and_its_width_is_that_of_the_moment()
    {
        var width = 30;
        StatusLine line = new(text, () => width);

        line.Show("a\x1b[2J\nb\u202e");
        Assert.Equal($"{Erase}\x1b[?7la\\u001b[2J\\nb\\u202e\x1b[?7h", text.ToString());
        width = 5;
        text.GetStringBuilder().Clear();
        line.Show("0123456789");
        Assert.Equal($"{Erase}\x1b[?7l0123\x1b[?7h", text.ToString());
    }

    private string[] Lines => Text.TrimEnd('\n').Split('\n');

    // The console library decides about colours by the environment of the tests.
    private string Text => Colour.Replace(text.ToString(), "");

    [GeneratedRegex("\x1b\\[[0-9;]*m")]
    private static partial Regex Colour { get; }
}
