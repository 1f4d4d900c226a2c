using System.Diagnostics;
using System.Globalization;

namespace Osapi.Agent.Tests.Files;

/// <summary>
/// A process of an unprivileged user that exchanges names in a directory of that user as fast as it can, until it is
/// ended.
/// </summary>
internal sealed class ExchangeAttack : IDisposable
{
    private const string User = "daemon";

    private readonly Process process;
    private readonly string counter;

    private ExchangeAttack(Process process, string counter) => (this.process, this.counter) = (process, counter);

    /// <summary>The number of exchanges so far, rounded down to thousands.</summary>
    public int Exchanges => File.Exists(counter) && int.TryParse(File.ReadAllText(counter), CultureInfo.InvariantCulture, out var count) ? count : 0;

    /// <summary>
    /// Repeatedly exchanges <c>target</c> with each of the names, twice; a missing target is created again, as a file.
    /// </summary>
    public static ExchangeAttack Start(string directory, string target, params IEnumerable<string> names) => Run(
        """
        use POSIX ();
        my $call = (POSIX::uname())[4] eq 'aarch64' ? 276 : 316;
        my ($home, $target, @names) = @ARGV;
        chdir $home or die;
        for (my $i = 0; ; $i++) {
            my $other = $names[int($i / 2) % @names];
            if (syscall($call, -100, $target, -100, $other, 2) != 0 && !lstat($target)) {
                if (open(my $file, '>', $target)) { print $file 'mine'; close $file; }
            }
            if ($i % 1000 == 999) { open(my $file, '>', 'count.new'); print $file $i + 1; close $file; rename 'count.new', 'count'; }
        }
        """,
        directory, [target, .. names]);

    /// <summary>Repeatedly exchanges a directory that another process creates with a second one, and removes it.</summary>
    public static ExchangeAttack StartOnNewDirectory(string directory, string made, string other) => Run(
        """
        use POSIX ();
        my $call = (POSIX::uname())[4] eq 'aarch64' ? 276 : 316;
        my ($home, $made, $other) = @ARGV;
        chdir $home or die;
        for (my ($i, $taken) = (0, 0); ; $i++) {
            if (syscall($call, -100, $made, -100, $other, 2) == 0) {
                for (my $spin = 0; $spin < 200; $spin++) { lstat($made); }
                syscall($call, -100, $made, -100, $other, 2);
                rename $made, "taken.$taken"; $taken++;
                open(my $file, '>', 'count.new'); print $file $taken; close $file; rename 'count.new', 'count';
            }
        }
        """,
        directory, [made, other]);

    public void Dispose()
    {
        process.Kill();
        process.WaitForExit();
        process.Dispose();
    }

    /// <summary>Skips a test where the attack is not possible.</summary>
    public static void Require()
    {
        if (!Environment.IsPrivilegedProcess || !File.Exists("/usr/bin/perl") || !File.Exists("/usr/bin/setpriv"))
            Assert.Skip("NOT TESTED: exchanges by another user, because that needs root, perl and setpriv.");
    }

    private static ExchangeAttack Run(string script, string directory, IEnumerable<string> arguments)
    {
        var process = Process.Start(new ProcessStartInfo("/usr/bin/setpriv", ["--reuid", User, "--regid", User, "--clear-groups", "/usr/bin/perl", "-e", script, directory, .. arguments]))!;
        return new(process, Path.Join(directory, "count"));
    }
}
