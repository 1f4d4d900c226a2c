using System.Runtime.InteropServices;
using CsCheck;

namespace Osapi.Plans.Tests.Expressions;

/// <summary>Any text, hostile ones too, ends as a value, a problem or a failure: in bounded time, memory and stack.</summary>
public sealed class FuzzTests
{
    private const int Expressions = 50_000;
    private const int StackSize = 512 * 1024;
    private static readonly TimeSpan MaxCpu = TimeSpan.FromSeconds(1);
    private const long MaxAllocated = 256 << 20;

    private static bool IsFull => Environment.GetEnvironmentVariable("OSAPI_TEST_FULL") == "1";

    [Fact]
    public void Any_text_ends_in_time()
    {
        var grammar = Gen.Int.Select(seed => new RandomExpression(new Random(seed)).Any(6));
        var mutated = Gen.Int.Select(seed => new RandomExpression(new Random(seed)).Mutated());
        var text = Gen.Int.Select(seed => new RandomExpression(new Random(seed)).Text());

        Gen.Frequency((5, grammar), (4, mutated), (1, text)).Array[50]
            .Sample(texts => InSmallStack(() => Array.ForEach(texts, text => Run(text))), iter: (IsFull ? Expressions : Expressions / 25) / 50, threads: 1);
    }

    /// <summary>Expressions that are small and would be large: each needs one of the bounds.</summary>
    [Theory]
    [InlineData("[1,2,3,4,5,6,7,8,9,10].map(a, [1,2,3,4,5,6,7,8,9,10].map(b, [1,2,3,4,5,6,7,8,9,10].map(c, [1,2,3,4,5,6,7,8,9,10].map(d, [1,2,3,4,5,6,7,8,9,10].map(e, 1)))))", "more than 100000 steps")]
    [InlineData("big.exists(a, big.exists(b, a == b + '!'))", "more than 100000 steps")]
    [InlineData("big.all(a, 1 / 0 == 1)", "more than 100000 steps")]
    [InlineData("big.map(a, big)", "more than 100000 steps")]
    [InlineData("['aaaaaaaaaaaaaaaa'].map(a, a+a+a+a).map(a, a+a+a+a).map(a, a+a+a+a).map(a, a+a+a+a).map(a, a+a+a+a).map(a, a+a+a+a).map(a, a+a+a+a).map(a, a+a+a+a).map(a, a+a+a+a)", "larger than 1048576")]
    [InlineData("[[1,1]].map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a]).map(a,[a,a])", "larger than 1048576")]
    [InlineData("long.replace('a', 'aaaaaaaaaaaaaaaa').replace('a', 'aaaaaaaaaaaaaaaa')", "larger than 1048576")]
    [InlineData("[long, long, long, long, long, long, long, long, long, long, long]", "larger than 1048576")]
    [InlineData("long.split('a').map(x, long).join('')", "more than 100000 steps")]
    [InlineData("big.all(x, big.map(y, y.replace('0', long)).size() > 0)", "more than 100000 steps")]
    [InlineData("big.all(x, long.matches('(' + x + 'a|b|ab)*c'))", "")]
    [InlineData("long.matches('(a|a|aa|aaa)*(a|aa)*(a?){200}a{200}b')", "")]
    [InlineData("long.matches('(a|a|aa|aaa)*(a|aa)*(a?){500}a{500}b')", "")]
    [InlineData("big.all(x, half.matches('(' + x + 'a|b|ab|.a.){0,100}c'))", "")]
    [InlineData("big.all(x, x.matches('(' + x + '[a-z]|\\\\w|ab|.a.){0,100}c'))", "")]
    [InlineData("big.all(x, x.matches('(?i)[\\\\w-[a' + x + ']]+\\\\p{Lu}*'))", "")]
    [InlineData("long.matches('(a?){1000}a{1000}b')", "")]
    [InlineData("long.matches('((a{0,100}){0,100}){0,100}b')", "the regular expression is too large")]
    [InlineData("long.matches('(.*a.{14})|(x.{20}y.*){2,7}')", "")]
    [InlineData("big.exists(a, long.contains(half + 'b'))", "")]
    [InlineData("big.exists(a, (long + a) == (long + 'b'))", "")]
    public void Small_expressions_with_large_values_are_bounded(string text, string message)
    {
        var ended = "";
        InSmallStack(() => ended = Run(text));

        Assert.Contains(message, ended, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("(", ")", 2000)]
    [InlineData("[", "]", 2000)]
    [InlineData("{'a':", "}", 700)]
    [InlineData("!", "", 4000)]
    [InlineData("-", "", 4000)]
    [InlineData("true?1:", "", 580)]
    [InlineData("true?", ":1", 580)]
    [InlineData("size(", ")", 600)]
    [InlineData("[1].map(x,", ")", 350)]
    [InlineData("1+", "", 2000)]
    [InlineData("true||", "", 680)]
    [InlineData("'a'in", "", 800)]
    [InlineData("", ".a", 2000)]
    [InlineData("", "[0]", 1300)]
    [InlineData("", ".a()", 1000)]
    [InlineData("a{b:", "}", 1000)]
    public void Depth_is_bounded(string before, string after, int count) =>
        InSmallStack(() => Run(string.Concat(Enumerable.Repeat(before, count)) + "1" + string.Concat(Enumerable.Repeat(after, count))));

    private static string Run(string text)
    {
        var (cpu, allocated) = (ThreadCpu(), GC.GetAllocatedBytesForCurrentThread());
        var ended = RandomExpression.Run(text);
        (cpu, allocated) = (ThreadCpu() - cpu, GC.GetAllocatedBytesForCurrentThread() - allocated);
        if (Environment.GetEnvironmentVariable("FUZZ_LOG") is { } log && (cpu.TotalMilliseconds > 100 || allocated > 20 << 20))
            File.AppendAllText(log, $"{cpu.TotalMilliseconds} ms {allocated >> 20} MiB {(text.Length > 300 ? text[..300] : text)} => {(ended.Length > 100 ? ended[..100] : ended)}\n");
        Assert.True(cpu < MaxCpu, $"{cpu.TotalMilliseconds} ms of CPU for {text}");
        Assert.True(allocated < MaxAllocated, $"{allocated >> 20} MiB for {text}");
        Assert.False(Osapi.Operations.ControlCharacters.AreIn(ended), ended);
        return ended;
    }

    private static void InSmallStack(Action action)
    {
        Exception? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                action();
            }
            catch (Exception exception)
            {
                failure = exception;
            }
        }, StackSize);
        thread.Start();
        thread.Join();
        if (failure is not null)
            throw new InvalidOperationException(failure.Message, failure);
    }

    // The machine may be busy.
    private static TimeSpan ThreadCpu()
    {
        const int ThreadCpuTime = 3;
        var time = new long[2];
        Assert.Equal(0, ClockGetTime(ThreadCpuTime, time));
        return TimeSpan.FromSeconds(time[0]) + TimeSpan.FromMicroseconds(time[1] / 1000);
    }

    [DllImport("libc", EntryPoint = "clock_gettime")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ClockGetTime(int clock, [Out] long[] time);
}
