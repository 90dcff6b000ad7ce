"""The first tables."""

import django.db.models.deletion
import plaudit.foundation.exact
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Belonging',
            fields=[
                ('pk', models.CompositePrimaryKey('organisation_id', 'segment_id', 'member_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('organisation_id', models.IntegerField()),
                ('segment_id', models.IntegerField()),
                ('member_id', models.UUIDField()),
                ('since', models.DateTimeField()),
            ],
            options={
                'db_table': 'targeting_belonging',
            },
        ),
        migrations.CreateModel(
            name='InSnapshot',
            fields=[
                ('pk', models.CompositePrimaryKey('organisation_id', 'snapshot_id', 'member_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('organisation_id', models.IntegerField()),
                ('snapshot_id', models.IntegerField()),
                ('member_id', models.UUIDField()),
            ],
            options={
                'db_table': 'targeting_in_snapshot',
            },
        ),
        migrations.CreateModel(
            name='Counted',
            fields=[
                ('pk', models.CompositePrimaryKey('organisation_id', 'measure_id', 'event_id', 'member_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('organisation_id', models.IntegerField()),
                ('measure_id', models.IntegerField()),
                ('event_id', models.UUIDField()),
                ('member_id', models.UUIDField()),
                ('day', models.DateField()),
                ('times', models.SmallIntegerField()),
                ('amount', models.BigIntegerField()),
            ],
            options={
                'db_table': 'targeting_counted',
                'indexes': [models.Index(fields=['organisation_id', 'measure_id', 'member_id', 'day'], name='what_counts_for_a_member')],
                'constraints': [models.CheckConstraint(condition=models.Q(('times__in', (0, 1))), name='an_event_counts_once')],
            },
        ),
        migrations.CreateModel(
            name='Daily',
            fields=[
                ('pk', models.CompositePrimaryKey('organisation_id', 'measure_id', 'member_id', 'day', blank=True, editable=False, primary_key=True, serialize=False)),
                ('organisation_id', models.IntegerField()),
                ('measure_id', models.IntegerField()),
                ('member_id', models.UUIDField()),
                ('day', models.DateField()),
                ('times', models.IntegerField()),
                ('amount', models.BigIntegerField()),
            ],
            options={
                'db_table': 'targeting_daily',
                'constraints': [models.CheckConstraint(condition=models.Q(('times__gte', 0)), name='no_day_counts_less_than_nothing')],
            },
        ),
        migrations.CreateModel(
            name='Drawn',
            fields=[
                ('pk', models.CompositePrimaryKey('organisation_id', 'offer_id', 'member_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('organisation_id', models.IntegerField()),
                ('offer_id', models.IntegerField()),
                ('member_id', models.UUIDField()),
                ('is_control', models.BooleanField()),
                ('drawn_at', models.DateTimeField()),
                ('accepted_at', models.DateTimeField(null=True)),
            ],
            options={
                'db_table': 'targeting_drawn',
                'constraints': [models.CheckConstraint(condition=models.Q(('is_control', False), ('accepted_at__isnull', True), _connector='OR'), name='nobody_accepts_what_was_not_offered')],
            },
        ),
        migrations.CreateModel(
            name='Ladder',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('organisation_id', models.IntegerField()),
                ('programme', models.TextField()),
                ('key', models.TextField()),
                ('time_zone', models.TextField()),
                ('definition', models.JSONField(decoder=plaudit.foundation.exact.ExactDecoder, encoder=plaudit.foundation.exact.ExactEncoder)),
                ('measure_id', models.IntegerField()),
                ('is_live', models.BooleanField(default=True)),
                ('look_after', models.UUIDField(null=True)),
                ('merges_seen_at', models.DateTimeField()),
            ],
            options={
                'db_table': 'targeting_ladder',
                'constraints': [models.UniqueConstraint(fields=('organisation_id', 'programme', 'key'), name='a_ladder_has_one_key')],
            },
        ),
        migrations.CreateModel(
            name='Measure',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('organisation_id', models.IntegerField()),
                ('time_zone', models.TextField()),
                ('digest', models.TextField()),
                ('definition', models.JSONField(decoder=plaudit.foundation.exact.ExactDecoder, encoder=plaudit.foundation.exact.ExactEncoder)),
                ('is_complete', models.BooleanField(default=False)),
            ],
            options={
                'db_table': 'targeting_measure',
                'constraints': [models.UniqueConstraint(fields=('organisation_id', 'digest'), name='a_measure_is_counted_once')],
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('organisation_id', models.IntegerField()),
                ('programme', models.TextField()),
                ('key', models.TextField()),
                ('definition', models.JSONField(decoder=plaudit.foundation.exact.ExactDecoder, encoder=plaudit.foundation.exact.ExactEncoder)),
                ('segment_id', models.IntegerField(null=True)),
                ('measure_id', models.IntegerField(null=True)),
                ('starts_at', models.DateTimeField(null=True)),
                ('ends_at', models.DateTimeField(null=True)),
                ('is_live', models.BooleanField(default=True)),
                ('is_over', models.BooleanField(default=False)),
                ('key_of_draw', models.BinaryField()),
            ],
            options={
                'db_table': 'targeting_offer',
                'constraints': [models.UniqueConstraint(fields=('organisation_id', 'programme', 'key'), name='an_offer_has_one_key')],
            },
        ),
        migrations.CreateModel(
            name='Segment',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('organisation_id', models.IntegerField()),
                ('programme', models.TextField()),
                ('key', models.TextField()),
                ('time_zone', models.TextField()),
                ('definition', models.JSONField(decoder=plaudit.foundation.exact.ExactDecoder, encoder=plaudit.foundation.exact.ExactEncoder)),
                ('measure_ids', models.JSONField(default=list)),
                ('is_live', models.BooleanField(default=True)),
                ('cuts', models.JSONField(default=dict)),
                ('looked_on', models.DateField(null=True)),
                ('look_after', models.UUIDField(null=True)),
            ],
            options={
                'db_table': 'targeting_segment',
                'constraints': [models.UniqueConstraint(fields=('organisation_id', 'programme', 'key'), name='a_segment_has_one_key')],
            },
        ),
        migrations.CreateModel(
            name='Tier',
            fields=[
                ('pk', models.CompositePrimaryKey('organisation_id', 'ladder_id', 'member_id', blank=True, editable=False, primary_key=True, serialize=False)),
                ('organisation_id', models.IntegerField()),
                ('ladder_id', models.IntegerField()),
                ('member_id', models.UUIDField()),
                ('level', models.TextField(blank=True)),
                ('since', models.DateField(null=True)),
                ('keep_until', models.DateField(null=True)),
                ('amount', models.BigIntegerField()),
                ('falls_on', models.DateField(null=True)),
                ('falls_to', models.TextField(blank=True)),
                ('look_on', models.DateField(null=True)),
                ('warned_of', models.DateField(null=True)),
            ],
            options={
                'db_table': 'targeting_tier',
                'indexes': [models.Index(condition=models.Q(('look_on__isnull', False)), fields=['organisation_id', 'ladder_id', 'look_on'], name='tiers_to_look_at'), models.Index(fields=['organisation_id', 'ladder_id', 'level', 'member_id'], name='who_is_on_a_level')],
            },
        ),
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.AutoField(primary_key=True, serialize=False)),
                ('organisation_id', models.IntegerField()),
                ('name', models.TextField()),
                ('taken_at', models.DateTimeField()),
                ('taken_by', models.TextField()),
                ('members', models.IntegerField()),
                ('segment', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='targeting.segment')),
            ],
            options={
                'db_table': 'targeting_snapshot',
                'constraints': [models.UniqueConstraint(fields=('organisation_id', 'segment', 'name'), name='a_snapshot_is_taken_once')],
            },
        ),
    ]
